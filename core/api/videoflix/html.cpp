#include "api/videoflix/html.h"

namespace reeld::api::videoflix {

namespace {

std::string_view referenceOf(char c) noexcept {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string escapedHtml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    const std::string_view reference = referenceOf(c);
    reference.empty() ? escaped.push_back(c) : static_cast<void>(escaped.append(reference));
  }
  return escaped;
}

}  // namespace reeld::api::videoflix
