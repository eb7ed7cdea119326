#include "processing/worker_process.h"

#include "base/crypto.h"
#include "processing/running_worker.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <utility>

namespace reeld::processing {

namespace {

constexpr int TickMs = 100;  // how soon a cancellation is seen

enum class Ending { None, Cancelled, Stalled, TooLong };

/// When the child must be stopped, and how far that has come.
class Watchdog {
 public:
  Watchdog(const Clock& clock, std::int64_t stall_ms, std::int64_t wall_ms, std::int64_t grace_ms)
      : clock_(clock),
        stall_ms_(stall_ms),
        grace_ms_(grace_ms),
        heard_(clock.monotonicMs()),
        end_(heard_ + wall_ms) {}

  void heard() { heard_ = clock_.monotonicMs(); }

  void look(RunningWorker& child, bool cancelled) {
    const std::int64_t now = clock_.monotonicMs();
    if (ending_ == Ending::None) {
      ending_ = cancelled                   ? Ending::Cancelled
                : now >= end_               ? Ending::TooLong
                : now - heard_ >= stall_ms_ ? Ending::Stalled
                                            : Ending::None;
      if (ending_ != Ending::None) {
        child.askToStop();
        kill_at_ = now + grace_ms_;
      }
    } else if (now >= kill_at_) {
      child.kill();
    }
  }
  Ending ending() const { return ending_; }

 private:
  const Clock& clock_;
  std::int64_t stall_ms_;
  std::int64_t grace_ms_;
  std::int64_t heard_;
  std::int64_t end_;
  std::int64_t kill_at_ = 0;
  Ending ending_ = Ending::None;
};

std::string signalText(int signal) {
  const char* name = sigabbrev_np(signal);
  return "signal " + std::to_string(signal) + (name != nullptr ? std::string(" SIG") + name : "");
}

/// An empty folder for as long as this lives: a probe writes nothing, but the sandbox wants a root.
class EmptyFolder {
 public:
  explicit EmptyFolder(const std::string& parent) : path_(parent + "/probe-" + randomToken(9)) {
    if (mkdir(path_.c_str(), 0700) != 0) {
      throw systemError("cannot make the folder " + path_, errno);
    }
    fd_ = FileDescriptor(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  ~EmptyFolder() { rmdir(path_.c_str()); }
  int fd() const { return fd_.get(); }

 private:
  std::string path_;
  FileDescriptor fd_;
};

/// What one child said and how it ended.
class Conversation {
 public:
  Conversation(RunningWorker& child, const Log& log, const std::string& job)
      : child_(child), log_(log), job_(job) {}

  void hold(Watchdog& watchdog, const std::atomic<bool>* cancelled, const TaskEvents& events) {
    const auto take = [&](std::string_view bytes) {
      lines_.add(bytes);
      while (const auto line = lines_.next()) {
        const WorkerEvent event = parseWorkerEvent(*line);
        if (!std::holds_alternative<LogEvent>(event)) {
          watchdog.heard();
        }
        std::visit([&](const auto& one) { on(one, events); }, event);
      }
    };
    while (child_.listen(TickMs, take)) {
      watchdog.look(child_, cancelled != nullptr && cancelled->load());
    }
  }

  bool isDone() const { return is_done_; }
  const std::optional<FailedEvent>& failure() const { return failure_; }
  const std::optional<Json>& facts() const { return facts_; }

 private:
  void on(const SandboxEvent& event, const TaskEvents&) {
    log_.debug("the encoder entered its sandbox", {{"job", job_}, {"layers", event.layers.dump()}});
  }
  void on(const LogEvent& event, const TaskEvents&) {
    const LogField job{"job", job_};
    log_.write(static_cast<LogLevel>(event.level), event.text, &job, 1);
  }
  void on(const ProgressEvent& event, const TaskEvents& events) {
    if (events.progress) {
      events.progress(event.permille);
    }
  }
  void on(const MadeSegment& event, const TaskEvents& events) {
    if (events.segment) {
      events.segment(event);
    }
  }
  void on(const ArtifactEvent& event, const TaskEvents& events) {
    if (events.artifact) {
      events.artifact(event.kind, event.path);
    }
  }
  void on(const FactsEvent& event, const TaskEvents&) { facts_ = event.facts; }
  void on(const DoneEvent&, const TaskEvents&) { is_done_ = true; }
  void on(const FailedEvent& event, const TaskEvents&) { failure_ = event; }

  RunningWorker& child_;
  const Log& log_;
  const std::string& job_;
  LineReader lines_;
  bool is_done_ = false;
  std::optional<FailedEvent> failure_;
  std::optional<Json> facts_;
};

/// Whether a segment would no longer fit.
bool isFull(int folder) {
  constexpr std::uint64_t SegmentBytes = 16 << 20;
  struct statvfs facts {};
  return fstatvfs(folder, &facts) == 0 &&
         std::uint64_t{facts.f_bavail} * facts.f_frsize < SegmentBytes;
}

/// Throws what the end of a child means, if it means anything but success.
void judge(const Conversation& said, Ending ending, int status, Counter& violations) {
  if (ending == Ending::Cancelled) {
    throw Error(ErrorCode::Cancelled, "the encoder was told to stop");
  }
  if (ending == Ending::Stalled) {
    throw Error(ErrorCode::Timeout, "the encoder hung: it made no progress and was ended")
        .reason("hung");
  }
  if (ending == Ending::TooLong) {
    throw Error(ErrorCode::Timeout, "the encoder took longer than it may and was ended")
        .reason("hung");
  }
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGSYS) {
      violations.add();
    }
    throw Error(ErrorCode::Corrupt, "the encoder crashed (" + signalText(signal) + ")")
        .reason("crashed");
  }
  if (said.failure()) {
    throw Error(said.failure()->code, said.failure()->message);
  }
  if (!said.isDone()) {
    throw Error(ErrorCode::Corrupt, "the encoder ended without a result (exit status " +
                                        std::to_string(WEXITSTATUS(status)) + ")")
        .reason("crashed");
  }
}

}  // namespace

WorkerProcess::WorkerProcess(WorkerOptions options, Spawner& spawner, const Clock& clock,
                             const Log& log, Metrics& metrics)
    : options_(std::move(options)),
      spawner_(spawner),
      clock_(clock),
      log_(log),
      violations_(metrics.counter("reeld_encoder_sandbox_violations_total",
                                  "encoder processes ended for a forbidden system call")) {}

WorkerOrder WorkerProcess::order(WorkerTask task) const {
  WorkerOrder made;
  made.task = task;
  made.plugin_path = options_.plugin_path;
  made.instance = options_.instance;
  made.config = options_.config;
  made.sandbox = options_.sandbox;
  made.limits = options_.limits;
  made.parent = getpid();
  return made;
}

Json WorkerProcess::probe(int source_fd) {
  const EmptyFolder folder(options_.work_dir);
  WorkerOrder asked = order(WorkerTask::Probe);
  asked.job_id = "probe";
  asked.inputs = {"source"};
  RunningWorker child(spawner_, options_.worker_path, "--job", asked.toJson(), folder.fd(),
                      {source_fd});
  Watchdog watchdog(clock_, options_.probe_wall_ms, options_.probe_wall_ms, options_.grace_ms);
  Conversation said(child, log_, asked.job_id);
  said.hold(watchdog, nullptr, {});
  const int status = child.reap(options_.grace_ms, clock_);
  judge(said, watchdog.ending(), status, violations_);
  if (!said.facts()) {
    throw Error(ErrorCode::Corrupt, "the encoder's probe ended without facts").reason("crashed");
  }
  return *said.facts();
}

void WorkerProcess::run(const Task& task, const TaskEvents& events,
                        const std::atomic<bool>& cancelled) {
  const FileDescriptor folder(open(task.output_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) {
    throw systemError("cannot open the folder " + task.output_dir, errno);
  }
  WorkerOrder asked = order(WorkerTask::Run);
  asked.job_id = task.id;
  asked.spec = task.spec;
  std::vector<int> inputs;
  for (const TaskInput& input : task.inputs) {
    asked.inputs.push_back(input.name);
    inputs.push_back(input.fd);
  }
  RunningWorker child(spawner_, options_.worker_path, "--job", asked.toJson(), folder.get(),
                      inputs);
  Watchdog watchdog(clock_, options_.stall_ms,
                    task.wall_limit_ms > 0 ? task.wall_limit_ms : options_.wall_ms,
                    options_.grace_ms);
  Conversation said(child, log_, task.id);
  said.hold(watchdog, &cancelled, events);
  const int status = child.reap(options_.grace_ms, clock_);
  if (!child.complaints().empty()) {
    log_.debug("the encoder's process printed", {{"job", task.id}, {"text", child.complaints()}});
  }
  if (said.isDone() && status == 0) {
    return;  // also when it was told to stop too late
  }
  try {
    judge(said, watchdog.ending(), status, violations_);
  } catch (Error& error) {
    // Memory can be up as well; the child cannot tell the two apart for us.
    if (error.code() == ErrorCode::Exhausted && isFull(folder.get())) {
      throw std::move(error).reason("storage-full");
    }
    throw;
  }
}

Json WorkerProcess::selfTest() {
  const EmptyFolder folder(options_.work_dir);
  RunningWorker child(spawner_, options_.worker_path, "--self-test", "", folder.fd(), {});
  while (child.listen(TickMs, [](std::string_view) {})) {
  }
  const int status = child.reap(options_.grace_ms, clock_);
  // The report is one line; of a sandbox that does not hold another one complains.
  const std::string said = child.complaints();
  if (!said.starts_with('{')) {
    throw Error(ErrorCode::Unavailable, "the self-test of the sandbox could not be made: " + said);
  }
  Json report = Json::parse(std::string_view(said).substr(0, said.find('\n')));
  report.set("ok", WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return report;
}

}  // namespace reeld::processing
