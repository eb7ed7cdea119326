// The end of one request's body, by length or by chunks: cuts input into pieces of the body and
// leaves what follows it alone. Pure.
#pragma once
#include "http/engine/chunk_decoder.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace reeld::http::engine {

class BodyReader {
 public:
  static BodyReader none() noexcept { return {}; }
  static BodyReader sized(std::uint64_t length) noexcept {
    BodyReader reader;
    reader.left_ = length;
    return reader;
  }
  static BodyReader chunked() noexcept {
    BodyReader reader;
    reader.chunked_ = true;
    return reader;
  }

  /// The next bytes of the body, at most `limit`, taken off the front of `input`; empty: more input
  /// is needed, or done(), or failed().
  std::string_view next(std::string_view& input, std::size_t limit) noexcept {
    if (chunked_) {
      return chunks_.next(input, limit);
    }
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, std::min(limit, input.size())));
    const std::string_view piece = input.substr(0, size);
    input.remove_prefix(size);
    left_ -= size;
    return piece;
  }
  /// `size` bytes of a sized body were read straight from the socket.
  void passed(std::size_t size) noexcept { left_ -= size; }

  bool done() const noexcept { return chunked_ ? chunks_.done() : left_ == 0; }
  bool failed() const noexcept { return chunked_ && chunks_.failed(); }
  bool isChunked() const noexcept { return chunked_; }
  std::uint64_t left() const noexcept { return left_; }  ///< of a sized body

 private:
  std::uint64_t left_ = 0;
  ChunkDecoder chunks_;
  bool chunked_ = false;
};

}  // namespace reeld::http::engine
