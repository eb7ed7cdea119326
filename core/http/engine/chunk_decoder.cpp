#include "http/engine/chunk_decoder.h"

#include "http/engine/head.h"

#include <algorithm>

namespace reeld::http::engine {

std::string_view ChunkDecoder::next(std::string_view& input, std::size_t limit) noexcept {
  while (!input.empty() && state_ != State::Done && state_ != State::Failed) {
    if (state_ == State::Data) {
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, std::min(limit, input.size())));
      const std::string_view piece = input.substr(0, size);
      input.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) {
        state_ = State::DataCr;
      }
      return piece;
    }
    take(input.front());
    input.remove_prefix(1);
  }
  return {};
}

void ChunkDecoder::take(char c) noexcept {
  switch (state_) {
    case State::Size:
      takeSize(c);
      return;
    case State::Extension:
      if (c == '\r') {
        state_ = State::SizeEnd;
      } else if (++line_ > MaxExtension || !isFieldValue({&c, 1})) {
        state_ = State::Failed;
      }
      return;
    case State::SizeEnd:
      line_ = 0;
      digits_ = 0;
      state_ = c != '\n' ? State::Failed : left_ == 0 ? State::TrailerStart : State::Data;
      return;
    case State::DataCr:
      state_ = c == '\r' ? State::DataLf : State::Failed;
      return;
    case State::DataLf:
      state_ = c == '\n' ? State::Size : State::Failed;
      return;
    case State::TrailerStart:
    case State::TrailerName:
    case State::TrailerValue:
    case State::TrailerLf:
      takeTrailer(c);
      return;
    case State::EndLf:
      state_ = c == '\n' ? State::Done : State::Failed;
      return;
    case State::Data:
    case State::Done:
    case State::Failed:
      return;
  }
}

void ChunkDecoder::takeSize(char c) noexcept {
  const int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
  if (digit >= 0) {
    // Fifteen digits are below 2^60; no honest chunk needs more.
    if (++digits_ > 15) {
      state_ = State::Failed;
    } else {
      left_ = left_ * 16 + static_cast<unsigned>(digit);
    }
  } else if (digits_ == 0) {
    state_ = State::Failed;
  } else if (c == '\r') {
    state_ = State::SizeEnd;
  } else {
    state_ = c == ';' ? State::Extension : State::Failed;
  }
}

void ChunkDecoder::takeTrailer(char c) noexcept {
  if (++line_ > MaxTrailers) {
    state_ = State::Failed;
  } else if (state_ == State::TrailerStart) {
    state_ = c == '\r' ? State::EndLf : isToken({&c, 1}) ? State::TrailerName : State::Failed;
  } else if (state_ == State::TrailerName) {
    if (!isToken({&c, 1})) {
      state_ = c == ':' ? State::TrailerValue : State::Failed;
    }
  } else if (state_ == State::TrailerValue) {
    if (!isFieldValue({&c, 1})) {
      state_ = c == '\r' ? State::TrailerLf : State::Failed;
    }
  } else {
    state_ = c == '\n' ? State::TrailerStart : State::Failed;
  }
}

}  // namespace reeld::http::engine
