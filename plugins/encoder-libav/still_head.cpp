// See still_head.h. The layouts: ITU-T T.81 B.2.2 (JPEG), the PNG specification 11.2.2, RFC 9649
// (WebP).
#include "still_head.h"

#include <algorithm>
#include <string_view>

namespace reeld::libav {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool hasAt(Bytes file, std::size_t at, std::string_view text) noexcept {
  return file.size() >= at + text.size() &&
         std::equal(text.begin(), text.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// The number of `size` bytes at that place; 0 beyond the end.
std::int64_t bigEndian(Bytes file, std::size_t at, std::size_t size) noexcept {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < size && at + size <= file.size(); ++i) {
    value = (value << 8) | file[at + i];
  }
  return value;
}

std::int64_t littleEndian(Bytes file, std::size_t at, std::size_t size) noexcept {
  std::int64_t value = 0;
  for (std::size_t i = size; i > 0 && at + size <= file.size(); --i) {
    value = (value << 8) | file[at + i - 1];
  }
  return value;
}

bool isFrameHeader(std::uint8_t marker) noexcept {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// From marker to marker up to the frame's header, which comes before the picture itself.
StillHead ofJpeg(Bytes file) noexcept {
  StillHead head{"mjpeg", 0, 0};
  for (std::size_t at = 2; at + 4 <= file.size() && file[at] == 0xff;) {
    const std::uint8_t marker = file[at + 1];
    if (marker == 0xff) {  // filling
      ++at;
    } else if (isFrameHeader(marker)) {
      head.height = bigEndian(file, at + 5, 2);
      head.width = bigEndian(file, at + 7, 2);
      break;
    } else if (marker == 0xd9 || marker == 0xda) {
      break;
    } else {
      at += 2 + static_cast<std::size_t>(bigEndian(file, at + 2, 2));
    }
  }
  return head;
}

StillHead ofPng(Bytes file) noexcept {
  constexpr std::size_t Width = 16;  // the header's chunk is the first
  return {"png", bigEndian(file, Width, 4), bigEndian(file, Width + 4, 4)};
}

StillHead ofWebp(Bytes file) noexcept {
  constexpr std::size_t Chunk = 12;
  constexpr std::int64_t FourteenBits = 0x3fff;
  constexpr std::size_t Enough = Chunk + 18;
  StillHead head{"webp", 0, 0};
  if (file.size() < Enough) {
    return head;
  }
  if (hasAt(file, Chunk, "VP8X")) {
    head.width = littleEndian(file, Chunk + 12, 3) + 1;
    head.height = littleEndian(file, Chunk + 15, 3) + 1;
  } else if (hasAt(file, Chunk, "VP8L")) {
    const std::int64_t bits = littleEndian(file, Chunk + 9, 4);
    head.width = (bits & FourteenBits) + 1;
    head.height = ((bits >> 14) & FourteenBits) + 1;
  } else if (hasAt(file, Chunk, "VP8 ")) {
    head.width = littleEndian(file, Chunk + 14, 2) & FourteenBits;
    head.height = littleEndian(file, Chunk + 16, 2) & FourteenBits;
  }
  return head;
}

}  // namespace

std::optional<StillHead> readStillHead(Bytes file) noexcept {
  if (hasAt(file, 0, "\xff\xd8\xff")) {
    return ofJpeg(file);
  }
  if (hasAt(file, 0, "\x89PNG\r\n\x1a\n")) {
    return ofPng(file);
  }
  if (hasAt(file, 0, "RIFF") && hasAt(file, 8, "WEBP")) {
    return ofWebp(file);
  }
  return std::nullopt;
}

}  // namespace reeld::libav
