// See log_bridge.h. The callback runs on any thread of the libraries.
#include "log_bridge.h"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <string_view>

extern "C" {
#include <libavutil/log.h>
}

namespace reeld::libav {
namespace {

constexpr std::int32_t Debug = 7;

// The library's callback carries no context of ours, so the host it talks to must be found here.
std::atomic<const reeld_host*> listening{nullptr};

void relay(void* source, int level, const char* format, va_list arguments) {
  const reeld_host* host = listening.load(std::memory_order_acquire);
  if (host == nullptr || level > AV_LOG_INFO) {
    return;
  }
  const auto* log = static_cast<const reeld_host_log*>(host->service(host, REELD_HOST_LOG));
  if (log == nullptr || log->enabled(host, Debug) == 0) {
    return;
  }
  char line[512];
  int print_prefix = 1;
  const int size =
      av_log_format_line2(source, level, format, arguments, line, sizeof line, &print_prefix);
  if (size <= 0) {
    return;
  }
  std::string_view text(line);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  log->write(host, Debug, sdk::abi(text), {nullptr, 0});
}

}  // namespace

LogBridge::LogBridge(const sdk::Host& host) : host_(host.raw()) {
  listening.store(host_, std::memory_order_release);
  av_log_set_callback(relay);
}

LogBridge::~LogBridge() {
  const reeld_host* mine = host_;
  if (listening.compare_exchange_strong(mine, nullptr)) {
    av_log_set_callback(av_log_default_callback);
  }
}

}  // namespace reeld::libav
