#include "http/header_parameters.h"

#include "base/ascii.h"
#include "http/engine/head.h"

namespace reeld::http {

namespace {

void skipBlanks(std::string_view& text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
}

/// A token or a quoted string off the front of `text`.
std::optional<std::string> takeValue(std::string_view& text) {
  std::string value;
  if (text.empty() || text.front() != '"') {
    while (!text.empty() && engine::isToken(text.substr(0, 1))) {
      value += text.front();
      text.remove_prefix(1);
    }
    return value.empty() ? std::nullopt : std::optional(value);
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    // A backslash quotes a quote or itself; elsewhere browsers send it as it is (C:\clip.mp4).
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) {
      ++i;
    }
    value += text[i];
  }
  return std::nullopt;
}

}  // namespace

std::string headerWord(std::string_view value) {
  std::string word = lowered(value.substr(0, value.find(';')));
  while (!word.empty() && (word.back() == ' ' || word.back() == '\t')) {
    word.pop_back();
  }
  return word;
}

std::optional<std::string> headerParameter(std::string_view value, std::string_view lower_name) {
  const auto first = value.find(';');
  std::string_view rest =
      first == std::string_view::npos ? std::string_view() : value.substr(first + 1);
  while (true) {
    skipBlanks(rest);
    std::size_t size = 0;
    while (size < rest.size() && engine::isToken(rest.substr(size, 1))) {
      ++size;
    }
    const std::string_view name = rest.substr(0, size);
    rest.remove_prefix(size);
    skipBlanks(rest);
    if (name.empty() || rest.empty() || rest.front() != '=') {
      return std::nullopt;
    }
    rest.remove_prefix(1);
    skipBlanks(rest);
    auto found = takeValue(rest);
    if (!found || engine::equalsIgnoringCase(name, lower_name)) {
      return found;
    }
    skipBlanks(rest);
    if (rest.empty() || rest.front() != ';') {
      return std::nullopt;
    }
    rest.remove_prefix(1);
  }
}

}  // namespace reeld::http
