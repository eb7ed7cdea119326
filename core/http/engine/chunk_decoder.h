// Chunked transfer coding (RFC 9112, section 7.1), strict: sizes are plain hex digits, lines end
// with CR LF, extensions and trailers are bounded and dropped. Pure; gives back views into its
// input.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reeld::http::engine {

class ChunkDecoder {
 public:
  static constexpr std::size_t MaxExtension = 1024;
  static constexpr std::size_t MaxTrailers = 8 * 1024;

  /// Consumes framing from the front of `input` and returns the next bytes of the body, at most
  /// `limit`. Empty: more input is needed, or the body is done(), or it is failed().
  std::string_view next(std::string_view& input, std::size_t limit) noexcept;
  bool done() const noexcept { return state_ == State::Done; }
  bool failed() const noexcept { return state_ == State::Failed; }

 private:
  enum class State : std::uint8_t {
    Size,
    Extension,
    SizeEnd,
    Data,
    DataCr,
    DataLf,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLf,
    EndLf,
    Done,
    Failed
  };
  void take(char c) noexcept;
  void takeSize(char c) noexcept;
  void takeTrailer(char c) noexcept;

  State state_ = State::Size;
  std::uint8_t digits_ = 0;
  std::uint32_t line_ = 0;  ///< bytes of this extension, or of all trailers
  std::uint64_t left_ = 0;  ///< of this chunk
};

}  // namespace reeld::http::engine
