// The lines a child sends, as values. The child met a stranger's file, so a line is believed only
// as far as it was checked here: shape, ranges, and paths that stay below the task's folder.
#pragma once
#include "base/error.h"
#include "processing/encoder.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace reeld::processing {

struct SandboxEvent {
  Json layers;
};
struct LogEvent {
  int level = 6;
  std::string text;
};
struct ProgressEvent {
  std::uint32_t permille = 0;
};
struct ArtifactEvent {
  std::string kind;
  std::string path;
};
struct FactsEvent {
  Json facts;
};
struct DoneEvent {};
struct FailedEvent {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
};
using WorkerEvent = std::variant<SandboxEvent, LogEvent, ProgressEvent, MadeSegment, ArtifactEvent,
                                 FactsEvent, DoneEvent, FailedEvent>;

/// Throws Error CORRUPT for a line that is none.
WorkerEvent parseWorkerEvent(std::string_view line);

/// Puts the lines of a stream together. A line longer than the limit throws Error CORRUPT.
class LineReader {
 public:
  static constexpr std::size_t MaxLine = 1 << 20;

  void add(std::string_view bytes);
  /// The next whole line without its end.
  std::optional<std::string> next();

 private:
  std::string buffer_;
  std::size_t start_ = 0;
};

/// Parts of letters, digits, dot, dash and underscore, none starting with a dot.
bool isTaskPath(std::string_view path) noexcept;

}  // namespace reeld::processing
