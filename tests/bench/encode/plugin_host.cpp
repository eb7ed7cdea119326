// See plugin_host.h.
#include "plugin_host.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace reeld::bench {
namespace {

std::string text(reeld_str s) { return {s.data, s.size}; }

int32_t everything(const reeld_host*, int32_t) { return 1; }
void toStderr(const reeld_host*, int32_t level, reeld_str line, reeld_list) {
  std::cerr << "log " << level << ": " << std::string_view(line.data, line.size) << '\n';
}
const reeld_host_log LogTable{sizeof(reeld_host_log), 0, everything, toStderr};

const void* logService(const reeld_host*, const char* id) {
  return std::strcmp(id, REELD_HOST_LOG) == 0 ? &LogTable : nullptr;
}
const void* noService(const reeld_host*, const char*) { return nullptr; }

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC)) {
    if (fd_ < 0) {
      throw std::runtime_error("cannot open " + path);
    }
  }
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

struct Collector {
  Outcome outcome;
  std::function<void(const Segment&)> on_segment;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

void progress(void* ctx, uint32_t permille) {
  static_cast<Collector*>(ctx)->outcome.progress.push_back(permille);
}

void segment(void* ctx, const reeld_segment* made) {
  auto& collector = *static_cast<Collector*>(ctx);
  Segment copy{text(made->rendition), text(made->path), made->index,  made->start_us,
               made->duration_us,     made->bytes,      made->frames, {}};
  copy.after = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - collector.began);
  collector.outcome.segments.push_back(copy);
  if (collector.on_segment) {
    collector.on_segment(copy);
  }
}

void artifact(void* ctx, reeld_str kind, reeld_str) {
  static_cast<Collector*>(ctx)->outcome.artifacts.push_back(text(kind));
}

}  // namespace

PluginHost::PluginHost(const std::string& plugin, bool log) {
  void* library = dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    throw std::runtime_error(dlerror());
  }
  using Entry = const reeld_plugin* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library, "reeld_plugin_abi1"));
  if (entry == nullptr) {
    throw std::runtime_error(plugin + " exports no reeld_plugin_abi1");
  }
  plugin_ = entry();
  for (const reeld_interface* offer = plugin_->interfaces; offer->id != nullptr; ++offer) {
    if (std::strcmp(offer->id, REELD_ENCODER) == 0) {
      encoder_ = static_cast<const reeld_encoder*>(offer->table);
    }
  }
  if (encoder_ == nullptr) {
    throw std::runtime_error(plugin + " offers no " REELD_ENCODER);
  }
  host_.struct_size = sizeof host_;
  host_.abi_major = REELD_ABI_MAJOR;
  host_.abi_minor = REELD_ABI_MINOR;
  host_.version = "bench";
  host_.instance = "encoder";
  host_.data_dir = "/nonexistent";
  host_.service = log ? logService : noService;
  reeld_error error{};
  error.struct_size = sizeof error;
  if (plugin_->create(&host_, {"{}", 2}, &self_, &error) != REELD_OK) {
    throw std::runtime_error(error.message);
  }
}

PluginHost::~PluginHost() { plugin_->destroy(self_); }

Outcome PluginHost::probe(const std::string& file) const {
  const Descriptor source(file, O_RDONLY);
  Outcome outcome;
  const reeld_sink sink{&outcome.facts, [](void* ctx, reeld_bytes bytes, uint64_t) {
                          static_cast<std::string*>(ctx)->assign(
                              reinterpret_cast<const char*>(bytes.data), bytes.size);
                        }};
  reeld_call call{};
  call.struct_size = sizeof call;
  reeld_error error{};
  error.struct_size = sizeof error;
  outcome.status = encoder_->probe(self_, &call, source.fd(), &sink, &error);
  outcome.message = error.message;
  return outcome;
}

struct PluginHost::Order {
  const std::string& spec;
  std::vector<reeld_input> inputs;
  const std::string& directory;
  std::atomic<std::int32_t>* cancel = nullptr;
  std::function<void(const Segment&)> on_segment;
};

Outcome PluginHost::run(const std::string& spec, const std::string& file,
                        const std::string& directory, std::atomic<std::int32_t>* cancel,
                        const std::function<void(const Segment&)>& on_segment) const {
  const Descriptor source(file, O_RDONLY);
  return run({spec, {{{"source", 6}, source.fd(), 0}}, directory, cancel, on_segment});
}

Outcome PluginHost::runWithSound(const std::string& spec, const std::string& file,
                                 const std::string& sound, const std::string& directory) const {
  const Descriptor source(file, O_RDONLY);
  const Descriptor part(sound, O_RDONLY);
  return run({spec,
              {{{"source", 6}, source.fd(), 0}, {{"sound", 5}, part.fd(), 0}},
              directory,
              nullptr,
              {}});
}

Outcome PluginHost::run(const Order& order) const {
  mkdir(order.directory.c_str(), 0777);
  const Descriptor output(order.directory, O_RDONLY | O_DIRECTORY);
  reeld_job job{};
  job.struct_size = sizeof job;
  job.job_id = {"bench", 5};
  job.spec = {order.spec.data(), order.spec.size()};
  job.inputs = order.inputs.data();
  job.input_count = order.inputs.size();
  job.output_dir_fd = output.fd();
  Collector collector{{}, order.on_segment};
  const reeld_job_sink sink{&collector, progress, segment, artifact};
  reeld_call call{};
  call.struct_size = sizeof call;
  static_assert(sizeof(std::atomic<std::int32_t>) == sizeof(std::int32_t));
  call.cancelled = reinterpret_cast<const std::int32_t*>(order.cancel);
  reeld_error error{};
  error.struct_size = sizeof error;
  collector.outcome.status = encoder_->run(self_, &call, &job, &sink, &error);
  collector.outcome.message = error.message;
  return collector.outcome;
}

std::string readFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

}  // namespace reeld::bench
