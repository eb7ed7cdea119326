#include "users/email.h"

#include "base/ascii.h"
#include "base/domain_name.h"
#include "base/unicode.h"
#include "base/utf8.h"

#include <Poco/UTF8String.h>

#include <algorithm>
#include <optional>

namespace reeld::users {

namespace {

constexpr std::size_t MaxAddress = 254;  // RFC 5321, section 4.5.3.1, as errata 1690 reads it
constexpr std::size_t MaxLocal = 64;
constexpr std::size_t MaxDomain = 253;
constexpr std::size_t MaxLabel = 63;

struct Parts {
  std::string_view local;
  std::optional<std::string_view> domain;  ///< nothing for what has no @
};

Parts partsOf(std::string_view address) noexcept {
  const auto at = address.find('@');
  return at == std::string_view::npos
             ? Parts{address, std::nullopt}
             : Parts{address.substr(0, at), std::optional(address.substr(at + 1))};
}

std::string folded(std::string_view text) {
  return composed(Poco::UTF8::toLower(std::string(text)));
}

bool isLetterOrDigit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// RFC 5322 atext, and letters beyond ASCII (RFC 6531).
bool isAtomText(char c) noexcept {
  return isLetterOrDigit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

template <class PartCheck>
bool everyPart(std::string_view text, PartCheck&& check) noexcept {
  while (true) {
    const auto dot = text.find('.');
    if (!check(text.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(dot + 1);
  }
}

bool isLocalPart(std::string_view local) noexcept {
  return local.size() <= MaxLocal && everyPart(local, [](std::string_view atom) {
           return !atom.empty() && std::all_of(atom.begin(), atom.end(), isAtomText);
         });
}

bool isDomain(std::string_view domain) noexcept {
  if (domain.size() > MaxDomain) {
    return false;
  }
  // One bare label is nobody's mail domain, but this machine's own (tests, local installations).
  if (domain.find('.') == std::string_view::npos && domain != "localhost") {
    return false;
  }
  return everyPart(domain, [](std::string_view label) {
    return !label.empty() && label.size() <= MaxLabel && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
             return isLetterOrDigit(c) || c == '-';
           });
  });
}

}  // namespace

std::string_view emailFault(std::string_view address) noexcept {
  if (address.empty()) {
    return "must not be empty";
  }
  if (address.size() > MaxAddress) {
    return "must be at most 254 bytes long";
  }
  if (!utf8Length(address)) {
    return "must be UTF-8";
  }
  const auto [local, domain] = partsOf(address);
  if (!domain || !isLocalPart(local) || !isDomain(*domain)) {
    return "must be an e-mail address";
  }
  if (hasUnseen(address)) {
    return "must not contain characters that cannot be seen";
  }
  // Beyond ASCII it has to be one in the letters of mail servers, too.
  const auto ascii = asciiDomain(*domain);
  return ascii && isDomain(*ascii) ? std::string_view() : "must have a domain that there can be";
}

std::string emailKey(std::string_view address) {
  const auto [local, domain] = partsOf(address);
  if (!domain) {
    return folded(address);
  }
  return folded(local) + "@" + readableDomain(*domain).value_or(folded(*domain));
}

bool isSameMailbox(std::string_view one, std::string_view other) {
  const Parts first = partsOf(one);
  const Parts second = partsOf(other);
  if (!first.domain || !second.domain || lowered(first.local) != lowered(second.local)) {
    return false;
  }
  const auto domain = asciiDomain(*first.domain);
  return domain && domain == asciiDomain(*second.domain);
}

std::string mailAddress(std::string_view address) {
  const auto [local, domain] = partsOf(address);
  const auto ascii = !domain || isAscii(*domain) ? std::nullopt : asciiDomain(*domain);
  return ascii ? std::string(local) + "@" + *ascii : std::string(address);
}

}  // namespace reeld::users
