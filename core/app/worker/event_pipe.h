// The child's side of the protocol: one JSON object per line to the daemon. Any thread; a line is
// written whole. The shape of the lines is in processing/worker_order.h.
#pragma once
#include "base/error.h"
#include "base/json.h"

#include <reeld/kind/encoder.h>

#include <mutex>
#include <string>
#include <string_view>

namespace reeld::app::worker {

class EventPipe {
 public:
  explicit EventPipe(int fd) noexcept : fd_(fd) {}

  void sandbox(Json layers);
  void log(int level, std::string_view text);
  void progress(std::uint32_t permille);
  void segment(const reeld_segment& segment);
  void artifact(std::string_view kind, std::string_view path);
  void facts(Json facts);
  void done();
  void failed(ErrorCode status, std::string_view message);

 private:
  void send(JsonWriter& json);

  std::mutex mutex_;
  int fd_;
};

}  // namespace reeld::app::worker
