// What the first bytes of a still picture say: which decoder it needs, and how large it claims to
// be. Read here and not by the decoder, because a decoder that refuses a size forgets it, and
// whoever sent the picture wants to know what was wrong. Pure: bytes in, values out.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace reeld::libav {

struct StillHead {
  const char* decoder = nullptr;  ///< its name in FFmpeg
  std::int64_t width = 0;         ///< 0: it does not say, or is cut before it says so
  std::int64_t height = 0;
};

/// Nothing for what is no JPEG, PNG or WebP.
std::optional<StillHead> readStillHead(std::span<const std::uint8_t> file) noexcept;

}  // namespace reeld::libav
