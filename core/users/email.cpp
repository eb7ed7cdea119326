#include "users/email.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <Poco/UTF8String.h>

#include <algorithm>

namespace reeld::users {

namespace {

constexpr std::size_t MaxAddress = 254;  // RFC 5321, section 4.5.3.1, as errata 1690 reads it
constexpr std::size_t MaxLocal = 64;
constexpr std::size_t MaxLabel = 63;

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
  const auto at = address.find('@');
  if (at == std::string_view::npos || !isLocalPart(address.substr(0, at)) ||
      !isDomain(address.substr(at + 1))) {
    return "must be an e-mail address";
  }
  return {};
}

std::string emailKey(std::string_view address) {
  return composed(Poco::UTF8::toLower(std::string(address)));
}

}  // namespace reeld::users
