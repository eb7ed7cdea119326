#include "app/worker/encoder_plugin.h"

#include <dlfcn.h>

#include <cstring>
#include <optional>

namespace reeld::app::worker {

namespace {

reeld_str view(std::string_view text) { return {text.data(), text.size()}; }

/// Throws what a plugin's function said, if it was not OK.
void demand(reeld_status status, const reeld_error& error, std::string_view what) {
  if (status == REELD_OK) {
    return;
  }
  const bool known = status > REELD_OK && status <= REELD_DEFER;
  const std::string message(error.message, strnlen(error.message, sizeof error.message));
  throw Error(known ? static_cast<ErrorCode>(status) : ErrorCode::Internal,
              message.empty() ? std::string(what) + " failed and gave no reason" : message);
}

reeld_error emptyError() {
  reeld_error error{};
  error.struct_size = sizeof error;
  return error;
}

}  // namespace

struct EncoderPlugin::Host {
  std::string instance;
  EventPipe& events;
  reeld_host_log log{sizeof(reeld_host_log), 0, enabled, write};
  reeld_host table{sizeof(reeld_host),
                   REELD_ABI_MAJOR,
                   REELD_ABI_MINOR,
                   this,
                   REELD_VERSION,
                   instance.c_str(),
                   "",
                   service};

  Host(std::string name, EventPipe& pipe) : instance(std::move(name)), events(pipe) {}

  static const void* service(const reeld_host* host, const char* id) {
    const bool known = std::strcmp(id, REELD_HOST_LOG) == 0;
    return known ? &static_cast<Host*>(host->impl)->log : nullptr;
  }
  static std::int32_t enabled(const reeld_host*, std::int32_t level) { return level <= 6 ? 1 : 0; }
  static void write(const reeld_host* host, std::int32_t level, reeld_str text, reeld_list fields) {
    std::string line(text.data, text.size);
    for (std::size_t i = 0; i < fields.count; ++i) {
      const reeld_pair& field = fields.items[i];
      line.append(" ").append(field.key.data, field.key.size).append("=");
      line.append(field.value.data, field.value.size);
    }
    static_cast<Host*>(host->impl)->events.log(level, line);
  }
};

EncoderPlugin::EncoderPlugin(const std::string& path, const std::string& instance,
                             const std::string& config, EventPipe& events,
                             const std::int32_t& cancelled)
    : host_(std::make_unique<Host>(instance, events)), cancelled_(cancelled) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(ErrorCode::Unsupported,
                std::string("cannot load the encoder plugin: ") + dlerror());
  }
  const auto entry =
      reinterpret_cast<const reeld_plugin* (*)()>(dlsym(library, "reeld_plugin_abi1"));
  plugin_ = entry != nullptr ? entry() : nullptr;
  if (plugin_ == nullptr || plugin_->abi_major != REELD_ABI_MAJOR ||
      plugin_->need_minor > REELD_ABI_MINOR) {
    throw Error(ErrorCode::Unsupported, path + " is no plugin of ABI " +
                                            std::to_string(REELD_ABI_MAJOR) + "." +
                                            std::to_string(REELD_ABI_MINOR));
  }
  for (const reeld_interface* one = plugin_->interfaces; one->id != nullptr; ++one) {
    if (std::strcmp(one->id, REELD_ENCODER) == 0) {
      encoder_ = static_cast<const reeld_encoder*>(one->table);
    }
  }
  if (encoder_ == nullptr || !REELD_HAS(encoder_, run) || !REELD_HAS(encoder_, probe)) {
    throw Error(ErrorCode::Unsupported, path + " offers no " REELD_ENCODER);
  }
  reeld_error error = emptyError();
  demand(plugin_->create(&host_->table, view(config), &self_, &error), error,
         "the plugin's create()");
}

EncoderPlugin::~EncoderPlugin() {
  if (self_ != nullptr) {
    plugin_->destroy(self_);
  }
}

void EncoderPlugin::start() {
  if (plugin_->start != nullptr) {
    reeld_error error = emptyError();
    demand(plugin_->start(self_, &error), error, "the plugin's start()");
  }
}

reeld_call EncoderPlugin::call() const {
  reeld_call made{};
  made.struct_size = sizeof made;
  made.request_id = view(host_->instance);
  made.user_id = view("");
  made.cancelled = &cancelled_;
  return made;
}

Json EncoderPlugin::probe(int source_fd) {
  std::optional<std::string> text;
  const reeld_sink sink{&text, [](void* context, reeld_bytes bytes, std::uint64_t) {
                          auto& out = *static_cast<std::optional<std::string>*>(context);
                          out.emplace(reinterpret_cast<const char*>(bytes.data), bytes.size);
                        }};
  const reeld_call context = call();
  reeld_error error = emptyError();
  demand(encoder_->probe(self_, &context, source_fd, &sink, &error), error, "the probe");
  if (!text) {
    throw Error(ErrorCode::Internal, "the encoder's probe answered nothing");
  }
  return Json::parse(*text);
}

void EncoderPlugin::run(const reeld_job& job) {
  const reeld_job_sink sink{
      &host_->events,
      [](void* events, std::uint32_t permille) {
        static_cast<EventPipe*>(events)->progress(permille);
      },
      [](void* events, const reeld_segment* segment) {
        static_cast<EventPipe*>(events)->segment(*segment);
      },
      [](void* events, reeld_str kind, reeld_str path) {
        static_cast<EventPipe*>(events)->artifact({kind.data, kind.size}, {path.data, path.size});
      }};
  const reeld_call context = call();
  reeld_error error = emptyError();
  demand(encoder_->run(self_, &context, &job, &sink, &error), error, "the encoder");
}

}  // namespace reeld::app::worker
