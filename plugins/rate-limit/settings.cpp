#include "settings.h"

#include <rapidjson/document.h>
#include <reeld/cpp/contain.hpp>

#include <algorithm>
#include <array>

using reeld::sdk::Failure;

namespace rate_limit {

namespace {

std::uint8_t numberOf(const std::string& name, BucketNumbers& numbers) {
  const auto known = numbers.find(name);
  if (known != numbers.end()) {
    return known->second;
  }
  if (numbers.size() == BucketTable::MostBuckets) {
    throw Failure(REELD_EXHAUSTED, "too many names of buckets since reeld started");
  }
  return numbers[name] = static_cast<std::uint8_t>(numbers.size());
}

/// Of a number the schema has checked.
std::int64_t numberIn(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsInt64()) {
    throw Failure(REELD_INVALID, "must be a whole number").at("/" + std::string(name));
  }
  return found->value.GetInt64();
}

std::string textIn(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found != object.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

/// Every path answers with and without it, so both name one route.
std::string withoutSlash(std::string route) {
  if (route.size() > 1 && route.ends_with('/')) {
    route.pop_back();
  }
  return route;
}

/// GET answers HEAD as well.
bool isOf(const std::string& wanted, std::string_view method) noexcept {
  return wanted.empty() || wanted == method || (wanted == "GET" && method == "HEAD");
}

}  // namespace

Settings::Settings(std::string_view config, BucketNumbers& numbers) {
  rapidjson::Document json;
  json.Parse(config.data(), config.size());
  if (!json.IsObject()) {
    throw Failure(REELD_INVALID, "must be a map of limits");
  }
  if (const auto routes = json.FindMember("routes"); routes != json.MemberEnd()) {
    std::size_t place = 0;
    for (const auto& each : routes->value.GetArray()) {
      const std::string name = textIn(each, "name");
      const std::string route = withoutSlash(textIn(each, "route"));
      if (std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
            return row.route == route && row.method == textIn(each, "method");
          })) {
        throw Failure(REELD_INVALID, "names a route and method twice")
            .at("/routes/" + std::to_string(place));
      }
      add({textIn(each, "method"), route, "", {}}, name, numberIn(each, "per_minute"), numbers);
      ++place;
    }
  }
  for (const char* group : {"auth", "stream", "upload"}) {
    add({"", "", group, {}}, group, numberIn(json, group), numbers);
  }
  // Segments come as fast as a player wants them; they are paid for by the play token.
  rows_.push_back({"", "", "media", {}});
  add({}, "default", numberIn(json, "default"), numbers);
}

void Settings::add(Row row, const std::string& name, std::int64_t per_minute,
                   BucketNumbers& numbers) {
  if (limits_.try_emplace(name, per_minute).first->second != per_minute) {
    throw Failure(REELD_INVALID, "the bucket " + name + " has two limits").at("/routes");
  }
  if (per_minute > 0) {
    const auto known = std::find_if(buckets_.begin(), buckets_.end(),
                                    [&](const Bucket& bucket) { return bucket.name == name; });
    row.bucket = static_cast<std::size_t>(known - buckets_.begin());
    if (known == buckets_.end()) {
      buckets_.push_back({name, numberOf(name, numbers), Rate(per_minute),
                          '"' + name + "\";q=" + std::to_string(per_minute) + ";w=60"});
    }
  }
  rows_.push_back(std::move(row));
}

std::vector<std::string> Settings::namesNone(const std::set<KnownRoute>& known) const {
  std::vector<std::string> none;
  for (const Row& row : rows_) {
    const auto is = [&](const KnownRoute& route) {
      return route.pattern == row.route && (row.method.empty() || row.method == route.method);
    };
    if (!row.route.empty() && std::none_of(known.begin(), known.end(), is)) {
      none.push_back((row.method.empty() ? "" : row.method + " ") + row.route);
    }
  }
  return none;
}

const Bucket* Settings::bucketFor(std::string_view method, std::string_view route,
                                  std::string_view group) const noexcept {
  for (const Row& row : rows_) {
    const bool fits = !row.route.empty() ? row.route == route && isOf(row.method, method)
                                         : row.group.empty() || row.group == group;
    if (fits) {
      return row.bucket ? &buckets_[*row.bucket] : nullptr;
    }
  }
  return nullptr;
}

}  // namespace rate_limit
