// multipart/form-data (RFC 7578), fed in pieces of any size: memory stays flat whatever the file's
// length. Pure: bytes in, events out. Malformed input throws Error INVALID; nothing is guessed.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::http {

struct PartHead {
  std::string name;
  std::optional<std::string> file_name;  ///< data only, never a path
  std::string content_type;              ///< as sent, "" if it was not
};

class PartEvents {
 public:
  virtual ~PartEvents() = default;
  virtual void partBegins(const PartHead& head) = 0;
  virtual void partData(std::string_view bytes) = 0;
  virtual void partEnds() = 0;
};

/// The boundary of a Content-Type header; nothing if it is no multipart/form-data with a valid one.
std::optional<std::string> multipartBoundary(std::string_view content_type);

class MultipartParser {
 public:
  static constexpr std::size_t MaxHead = 8 * 1024;
  static constexpr std::size_t MaxPreamble = 4 * 1024;
  static constexpr std::size_t MaxParts = 64;

  MultipartParser(std::string_view boundary, PartEvents& events);

  void feed(std::string_view bytes);
  /// Throws if the closing boundary was not seen: the body was cut.
  void finish() const;

 private:
  enum class State { Preamble, AfterDelimiter, Head, Data, Done };
  /// One step over input_; false when it needs more.
  bool step();
  bool passData();
  bool afterDelimiter();
  bool takeHead();

  PartEvents& events_;
  const std::string delimiter_;  ///< CR LF, two dashes, boundary
  State state_ = State::Preamble;
  std::string held_;  ///< bytes that could not be decided yet
  std::string_view input_;
  std::size_t preamble_ = 0;
  std::size_t parts_ = 0;
};

}  // namespace reeld::http
