#include "filter.h"

#include "time_text.h"

#include <algorithm>
#include <array>
#include <charconv>

using reeld::sdk::Failure;

namespace audit_trail {

namespace {

int hexDigit(char c) noexcept {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
                           hexDigit(text[i + 2]) >= 0;
    if (is_escape) {
      out += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view Hex = "0123456789ABCDEF";
  constexpr std::string_view Plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (Plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append(1, '%').append(1, Hex[byte >> 4]).append(1, Hex[byte & 15]);
    }
  }
  return out;
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw Failure(REELD_INVALID, why).at("/" + name);
}

/// Digits alone.
std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || text[0] < '0' || text[0] > '9') {
    return std::nullopt;
  }
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

struct Outcome {
  std::string_view word;
  const char* least;
  const char* below;
};
constexpr std::array Outcomes = {Outcome{"done", "100", "400"}, Outcome{"refused", "400", "500"},
                                 Outcome{"failed", "500", "600"}};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

Parameters parametersIn(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    const auto equals = part.find('=');
    if (!part.empty()) {
      parameters.emplace(decoded(part.substr(0, equals)),
                         equals == std::string_view::npos ? "" : decoded(part.substr(equals + 1)));
    }
  }
  return parameters;
}

std::int64_t countIn(const Parameters& parameters, const std::string& name, std::int64_t fallback) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) {
    return fallback;
  }
  const auto value = digits(found->second);
  if (!value) {
    refuse(name, "must be a number, 0 or more");
  }
  return *value;
}

void Filter::add(const std::string& condition, std::string value) {
  values_.emplace_back(std::move(value));
  conditions_ += conditions_.empty() ? "WHERE " : "AND ";
  const auto mark = condition.find("$1");
  conditions_ += condition.substr(0, mark) + "$" + std::to_string(values_.size()) +
                 condition.substr(mark + 2) + " ";
}

Filter::Filter(const Parameters& parameters) {
  const auto given = [&](const char* name) {
    const auto found = parameters.find(name);
    if (found == parameters.end()) {
      return std::optional<std::string>();
    }
    const std::string& value = found->second;
    if (value.empty() || value.size() > 300 || value.find('\0') != std::string::npos) {
      refuse(name, "must have 1 to 300 characters");
    }
    link_ += (link_.empty() ? "" : "&") + std::string(name) + "=" + encoded(value);
    return std::optional(value);
  };
  if (const auto user = given("user_id")) {
    if (!digits(*user)) {
      refuse("user_id", "must be a positive number of at most 64 bits");
    }
    add("user_id = CAST($1 AS BIGINT)", *user);
  }
  if (auto method = given("method")) {
    std::transform(method->begin(), method->end(), method->begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    add("method = $1", *method);
  }
  if (const auto action = given("action")) {
    add("action = $1", *action);
  }
  if (const auto word = given("outcome")) {
    const auto outcome = std::find_if(Outcomes.begin(), Outcomes.end(),
                                      [&](const Outcome& row) { return row.word == *word; });
    if (outcome == Outcomes.end()) {
      refuse("outcome", "must be done, refused or failed");
    }
    add("status >= CAST($1 AS BIGINT)", outcome->least);
    add("status < CAST($1 AS BIGINT)", outcome->below);
  }
  if (const auto path = given("path")) {
    add("SUBSTR(endpoint, 1, " + std::to_string(characters(*path)) + ") = $1", *path);
  }
  for (const auto& [name, condition] : {std::pair("from", "at >= CAST($1 AS BIGINT)"),
                                        std::pair("to", "at < CAST($1 AS BIGINT)")}) {
    if (const auto text = given(name)) {
      const auto time = timeMs(*text);
      if (!time) {
        refuse(name, "must be a date or a time, such as 2026-11-29 or 2026-11-29T10:00:00Z");
      }
      add(condition, std::to_string(*time));
    }
  }
}

}  // namespace audit_trail
