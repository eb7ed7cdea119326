#include "base/domain_name.h"

#include "base/ascii.h"

#include <idn2.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace reeld {

namespace {

struct Free {
  void operator()(char* text) const noexcept { idn2_free(text); }
};
using Made = std::unique_ptr<char, Free>;

/// libidn2 reads to the first NUL.
bool hasNul(std::string_view text) noexcept { return text.find('\0') != std::string_view::npos; }

std::optional<std::string> taken(int verdict, char* text) {
  const Made made(text);
  if (verdict == IDN2_MALLOC) {
    throw std::bad_alloc();
  }
  return verdict == IDN2_OK && made ? std::optional<std::string>(made.get()) : std::nullopt;
}

}  // namespace

std::optional<std::string> asciiDomain(std::string_view domain) {
  std::string lower = lowered(domain);
  if (isAscii(domain) && lower.find("xn--") == std::string::npos) {
    return lower;
  }
  if (hasNul(domain)) {
    return std::nullopt;
  }
  const std::string text(domain);
  std::uint8_t* made = nullptr;
  const int verdict = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(text.c_str()), &made,
                                     IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  auto ascii = taken(verdict, reinterpret_cast<char*>(made));
  // There are encoded names that IDNA would not have made (pictures, for instance): they are ASCII,
  // they work, and nothing else is called so.
  return !ascii && isAscii(domain) ? std::optional(std::move(lower)) : ascii;
}

std::optional<std::string> readableDomain(std::string_view domain) {
  auto ascii = asciiDomain(domain);
  if (!ascii || ascii->find("xn--") == std::string::npos) {
    return ascii;
  }
  char* made = nullptr;
  const int verdict = idn2_to_unicode_8z8z(ascii->c_str(), &made, 0);
  auto readable = taken(verdict, made);
  return readable && asciiDomain(*readable) == ascii ? readable : ascii;
}

}  // namespace reeld
