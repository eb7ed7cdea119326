#include "api/parameters.h"

#include "base/error.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace reeld::api {

namespace {

/// Digits alone: no sign, no spaces.
std::optional<std::int64_t> parseDigits(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.front() < '0' || text.front() > '9') {
    return std::nullopt;
  }
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

std::int64_t readCount(const http::Exchange& exchange, const char* name, std::int64_t fallback,
                       std::vector<Violation>& violations) {
  const auto text = exchange.queryValue(name);
  if (!text) {
    return fallback;
  }
  const auto value = parseDigits(*text);
  if (!value) {
    violations.push_back({"/" + std::string(name), "must be a number, 0 or more"});
  }
  return value.value_or(fallback);
}

}  // namespace

std::int64_t parseId(std::string_view text, const std::string& name) {
  const auto id = parseDigits(text);
  if (!id || *id < 1) {
    throw Error({Violation{"/" + name, "must be a positive number of at most 64 bits"}});
  }
  return *id;
}

std::int64_t pathId(const http::Exchange& exchange, const std::string& name) {
  return parseId(exchange.routeParameter(name), name);
}

Window readWindow(const http::Exchange& exchange, std::int64_t default_limit) {
  std::vector<Violation> violations;
  Window window{.skip = readCount(exchange, "skip", 0, violations),
                .limit = readCount(exchange, "limit", default_limit, violations)};
  if (!violations.empty()) {
    throw Error(std::move(violations));
  }
  window.limit = std::min(window.limit, Window::MaxLimit);
  return window;
}

void addWindowHeaders(http::Response& response, std::string_view path, const Window& window,
                      std::int64_t total, std::string_view filters, bool total_is_exact) {
  response.header("X-Total-Count", std::to_string(total));
  if (window.limit == 0) {
    return;
  }
  std::string links;
  const auto add = [&](const char* relation, std::int64_t skip) {
    links += (links.empty() ? "<" : ", <") + std::string(path) + "?skip=" + std::to_string(skip) +
             "&limit=" + std::to_string(window.limit) + (filters.empty() ? "" : "&") +
             std::string(filters) + ">; rel=\"" + relation + "\"";
  };
  const std::int64_t last = total > 0 ? (total - 1) / window.limit * window.limit : 0;
  add("first", 0);
  if (window.skip > 0) {
    add("prev", std::max<std::int64_t>(0, window.skip - window.limit));
  }
  if (window.skip < total - window.limit) {
    add("next", window.skip + window.limit);
  }
  if (total_is_exact) {
    add("last", last);
  }
  response.header("Link", std::move(links));
}

}  // namespace reeld::api
