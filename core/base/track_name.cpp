#include "base/track_name.h"

#include "base/unicode.h"
#include "base/utf8.h"

namespace reeld {

namespace {

/// Bytes of the character at the front that may not stand in a name; 0 if it may.
std::size_t unfit(std::string_view text) noexcept {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) {
    return 1;
  }
  if (text.size() > 1 && byte(0) == 0xc2 && byte(1) < 0xa0) {
    return 2;  // U+0080 to U+009F
  }
  if (text.size() < 3) {
    return 0;
  }
  const bool is_separator =
      byte(0) == 0xe2 && byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae;  // U+2028 to U+202E
  const bool is_isolate =
      byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;  // U+2066 to U+2069
  const bool is_mark = text.starts_with("\xef\xbb\xbf");
  return is_separator || is_isolate || is_mark ? 3 : 0;
}

}  // namespace

std::string trackName(std::string_view text, std::size_t longest) {
  std::string name;
  while (!text.empty()) {
    const std::size_t skipped = unfit(text);
    name += skipped > 0 ? ' ' : text.front() == '"' ? '\'' : text.front();
    text.remove_prefix(skipped > 0 ? skipped : 1);
  }
  name = trimmed(name);
  if (name.size() > longest) {
    name.resize(longest);
  }
  // Cut within a character.
  while (!name.empty() && !utf8Length(name)) {
    name.pop_back();
  }
  name = trimmed(name);
  return isVisible(name) ? name : std::string();
}

}  // namespace reeld
