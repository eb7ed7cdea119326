#include "app/worker/job_mode.h"

#include "app/worker/encoder_plugin.h"
#include "app/worker/event_pipe.h"
#include "app/worker/sandbox.h"
#include "processing/worker_order.h"

#include <signal.h>
#include <unistd.h>

#include <exception>
#include <vector>

namespace reeld::app::worker {

namespace {

using processing::WorkerOrder;

// The only global: a signal handler has no other way to reach the running call.
volatile std::int32_t cancelled = 0;
extern "C" void askToStop(int) { cancelled = 1; }

WorkerOrder readOrder() {
  std::string text;
  char buffer[16384];
  off_t offset = 0;
  ssize_t size = 0;
  while ((size = pread(WorkerOrder::OrderFd, buffer, sizeof buffer, offset)) > 0) {
    text.append(buffer, static_cast<std::size_t>(size));
    offset += size;
  }
  close(WorkerOrder::OrderFd);
  return WorkerOrder::fromJson(text);
}

void listenForStop() {
  struct sigaction action {};
  action.sa_handler = askToStop;
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
}

void encode(EncoderPlugin& plugin, const WorkerOrder& order) {
  const std::string spec = order.spec.dump();
  std::vector<reeld_input> inputs;
  for (std::size_t i = 0; i < order.inputs.size(); ++i) {
    inputs.push_back({{order.inputs[i].data(), order.inputs[i].size()},
                      WorkerOrder::FirstInputFd + static_cast<int>(i),
                      0});
  }
  reeld_job job{};
  job.struct_size = sizeof job;
  job.job_id = {order.job_id.data(), order.job_id.size()};
  job.spec = {spec.data(), spec.size()};
  job.inputs = inputs.data();
  job.input_count = inputs.size();
  job.output_dir_fd = WorkerOrder::OutputFd;
  plugin.run(job);
}

void work(EventPipe& events) {
  const WorkerOrder order = readOrder();
  Sandbox sandbox(order.sandbox, order.limits);
  sandbox.prepare(order.parent);
  listenForStop();
  EncoderPlugin plugin(order.plugin_path, order.instance, order.config, events,
                       const_cast<const std::int32_t&>(cancelled));
  sandbox.enter(WorkerOrder::OutputFd);
  events.sandbox(sandbox.report());
  plugin.start();
  if (order.task == processing::WorkerTask::Probe) {
    events.facts(plugin.probe(WorkerOrder::FirstInputFd));
  } else {
    encode(plugin, order);
  }
  events.done();
}

}  // namespace

int runJob() {
  EventPipe events(WorkerOrder::EventsFd);
  try {
    work(events);
  } catch (const Error& error) {
    events.failed(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    events.failed(ErrorCode::Exhausted, "the encoder ran out of the memory it may use");
  } catch (const std::exception& error) {
    events.failed(ErrorCode::Internal, error.what());
  }
  return 0;
}

}  // namespace reeld::app::worker
