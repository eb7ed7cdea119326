#include "http/field_lines.h"

#include "base/ascii.h"
#include "http/engine/head.h"

#include <algorithm>
#include <array>

namespace reeld::http {

namespace {

constexpr std::string_view Between = ": ";
constexpr std::string_view LineEnd = "\r\n";

// Framing belongs to the engine, what a page of a foreign site may read to http/cors.h, sessions to
// the guard; the others are said once per answer already.
constexpr std::array<std::string_view, 13> Reserved = {"connection",
                                                       "content-length",
                                                       "content-range",
                                                       "content-type",
                                                       "date",
                                                       "keep-alive",
                                                       "set-cookie",
                                                       "te",
                                                       "trailer",
                                                       "transfer-encoding",
                                                       "upgrade",
                                                       "x-request-id",
                                                       "x-content-type-options"};
constexpr std::string_view Cors = "access-control-";

bool isSame(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lowered(x) == lowered(y); });
}

bool isReserved(std::string_view name) noexcept {
  return isSame(name.substr(0, Cors.size()), Cors) ||
         std::any_of(Reserved.begin(), Reserved.end(),
                     [&](std::string_view one) { return isSame(name, one); });
}

/// Where the line of that name begins, and where the next one does; twice the end if there is none.
std::pair<std::size_t, std::size_t> lineOf(std::string_view lines, std::string_view name) noexcept {
  std::size_t at = 0;
  while (at < lines.size()) {
    const std::size_t end = lines.find('\n', at) + 1;
    if (end - at > name.size() && lines[at + name.size()] == ':' &&
        isSame(lines.substr(at, name.size()), name)) {
      return {at, end};
    }
    at = end;
  }
  return {at, at};
}

}  // namespace

bool maySetField(std::string_view name, std::string_view value) noexcept {
  return engine::isToken(name) && engine::isFieldValue(value) && !isReserved(name);
}

bool setFieldLine(std::string& lines, std::string_view name, std::string_view value) noexcept {
  if (!maySetField(name, value)) {
    return false;
  }
  const auto [begin, end] = lineOf(lines, name);
  const std::size_t size = name.size() + Between.size() + value.size() + LineEnd.size();
  if (lines.size() - (end - begin) + size > lines.capacity()) {
    return false;
  }
  lines.erase(begin, end - begin);
  lines.append(name).append(Between).append(value).append(LineEnd);
  return true;
}

bool hasFieldLine(std::string_view lines, std::string_view name) noexcept {
  const auto [begin, end] = lineOf(lines, name);
  return begin != end;
}

}  // namespace reeld::http
