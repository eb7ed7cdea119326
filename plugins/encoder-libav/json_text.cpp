// See json_text.h.
#include "json_text.h"

extern "C" {
#include <libavutil/avstring.h>
}

namespace reeld::libav {

std::string cleanText(std::string_view text) {
  constexpr std::size_t MostBytes = 200;
  std::string clean;
  const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::uint8_t* end = at + text.size();
  while (at < end && clean.size() < MostBytes) {
    const std::uint8_t* start = at;
    std::int32_t code = 0;
    if (av_utf8_decode(&code, &at, end, 0) < 0) {
      clean += '?';
      at = start + 1;
    } else if (code >= 0x20 && code != 0x7f) {
      clean.append(reinterpret_cast<const char*>(start), static_cast<std::size_t>(at - start));
    }
  }
  return clean;
}

}  // namespace reeld::libav
