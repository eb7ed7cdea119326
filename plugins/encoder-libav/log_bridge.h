// Sends what the libraries have to say to the host's log, at debug. libav has one log callback per
// process, which is why there is one bridge at a time: a worker process runs a single encoder
// instance.
#pragma once
#include <reeld/plugin.hpp>

namespace reeld::libav {

class LogBridge {
 public:
  explicit LogBridge(const sdk::Host& host);
  ~LogBridge();
  LogBridge(const LogBridge&) = delete;
  LogBridge& operator=(const LogBridge&) = delete;

 private:
  const reeld_host* host_;
};

}  // namespace reeld::libav
