#include "api/video_parameters.h"

#include "api/parameters.h"
#include "base/error.h"
#include "base/utf8.h"
#include "catalog/category.h"

namespace reeld::api {

namespace {

constexpr std::size_t LongestText = 200;

class Reader {
 public:
  explicit Reader(const http::Exchange& exchange) : exchange_(exchange) {}

  std::optional<std::string> text(const char* name) {
    auto value = exchange_.queryValue(name);
    if (!value || value->empty()) {
      return std::nullopt;
    }
    const auto length = utf8Length(*value);
    if (!length || *length > LongestText || value->find('\0') != std::string::npos) {
      refuse(name, "must be UTF-8 of at most " + std::to_string(LongestText) + " characters");
      return std::nullopt;
    }
    return value;
  }

  std::optional<bool> flag(const char* name) {
    const auto value = text(name);
    if (!value || *value == "true" || *value == "1") {
      return value ? std::optional(true) : std::nullopt;
    }
    if (*value != "false" && *value != "0") {
      refuse(name, "must be true or false");
    }
    return false;
  }

  std::optional<catalog::VideoState> state(const char* name) {
    const auto value = text(name);
    const auto state = value ? catalog::parseVideoState(*value) : std::nullopt;
    if (value && !state) {
      refuse(name, "must be UPLOADED, PROCESSING, READY or FAILED");
    }
    return state;
  }

  std::optional<std::string> category(const char* name) {
    auto value = text(name);
    if (value) {
      value = catalog::categorySlug(*value);
      if (!catalog::isCategory(*value)) {
        refuse(name, "must have 1 to 50 of a-z, 0-9, - and _");
      }
    }
    return value;
  }

  void order(const char* name, catalog::VideoQuery& query) {
    const auto value = text(name);
    if (value && !catalog::setOrder(query, *value)) {
      refuse(name, "must be " + std::string(catalog::OrderWords));
    }
  }

  void refuse(const char* name, std::string why) {
    violations_.push_back({"/" + std::string(name), std::move(why)});
  }
  void check() {
    if (!violations_.empty()) {
      throw Error(std::move(violations_));
    }
  }

 private:
  const http::Exchange& exchange_;
  std::vector<Violation> violations_;
};

}  // namespace

catalog::VideoQuery readVideoQuery(const http::Exchange& exchange) {
  Reader reader(exchange);
  catalog::VideoQuery query;
  if (exchange.query().empty()) {
    return query;
  }
  query.words = reader.text("q").value_or("");
  query.category = reader.category("category");
  query.tag = reader.text("tag");
  query.state = reader.state("state");
  if (const auto creator = reader.text("creator")) {
    query.creator_id = parseId(*creator, "creator");
  }
  query.is_paid = reader.flag("paid");
  query.deleted = reader.flag("deleted").value_or(false);
  reader.order("sort", query);
  reader.check();
  return query;
}

std::string filtersOf(const http::Exchange& exchange) {
  std::string kept;
  std::string_view query = exchange.query();
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    const auto name = pair.substr(0, pair.find('='));
    // What could end the link's <...> has no place in a query that came over HTTP; be sure of it.
    if (pair.empty() || name == "skip" || name == "limit" ||
        pair.find_first_of("<>\"\\ \t\r\n") != std::string_view::npos) {
      continue;
    }
    kept += (kept.empty() ? "" : "&") + std::string(pair);
  }
  return kept;
}

}  // namespace reeld::api
