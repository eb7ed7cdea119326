// Looks services up by id. The boundary rule of the host's side is here: guarded() lets nothing
// through.
#include "plugin/host.h"

#include <algorithm>
#include <cstring>

namespace reeld::plugin {

Host::Host(std::string instance, std::string data_dir)
    : instance_(std::move(instance)), data_dir_(std::move(data_dir)) {
  abi_.struct_size = sizeof abi_;
  abi_.abi_major = REELD_ABI_MAJOR;
  abi_.abi_minor = REELD_ABI_MINOR;
  abi_.impl = this;
  abi_.version = REELD_VERSION;
  abi_.instance = instance_.c_str();
  abi_.data_dir = data_dir_.c_str();
  abi_.service = &Host::service;
}

void Host::join(Service service, const char* id, const void* table, void* object,
                std::function<bool()> ready) {
  entries_[static_cast<std::size_t>(service)] = {id, table, object, std::move(ready)};
}

bool Host::isReady(const Entry& entry) noexcept {
  try {
    return !entry.ready || entry.ready();
  } catch (const Error& error) {
    refusal_.with([&](std::optional<Error>& first) {
      if (!first) {
        first = error;
      }
    });
  } catch (...) {
  }
  return false;
}

std::optional<Error> Host::refusal() const {
  return refusal_.with([](const std::optional<Error>& first) { return first; });
}

const void* Host::service(const reeld_host* host, const char* id) noexcept {
  for (const Entry& entry : static_cast<Host*>(host->impl)->entries_) {
    if (entry.id != nullptr && id != nullptr && std::strcmp(entry.id, id) == 0) {
      return static_cast<Host*>(host->impl)->isReady(entry) ? entry.table : nullptr;
    }
  }
  return nullptr;
}

reeld_error blankError() noexcept {
  reeld_error error{};
  error.struct_size = sizeof error;
  return error;
}

reeld_status say(reeld_error* out, ErrorCode code, std::string_view message) noexcept {
  if (out != nullptr) {
    const std::size_t count = std::min(message.size(), sizeof out->message - 1);
    std::memcpy(out->message, message.data(), count);
    out->message[count] = '\0';
  }
  return static_cast<reeld_status>(code);
}

reeld_status guarded(reeld_error* out, const std::function<void()>& body) noexcept {
  try {
    body();
    return REELD_OK;
  } catch (const Error& error) {
    if (out != nullptr) {
      out->retry_after_ms = error.retryAfterMs();
    }
    return say(out, error.code(), error.what());
  } catch (const std::logic_error& error) {
    return say(out, ErrorCode::Invalid, error.what());  // what the plugin asked for makes no sense
  } catch (const std::exception& error) {
    return say(out, ErrorCode::Internal, error.what());
  }
}

}  // namespace reeld::plugin
