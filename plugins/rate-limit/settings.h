// The configuration, read once per (re)load: the buckets, and which one a request takes from.
#pragma once
#include "bucket_table.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rate_limit {

struct Bucket {
  std::string name;
  std::uint8_t number = 0;  ///< the same for a name as long as the plugin lives
  Rate rate{1};
  std::string policy;  ///< of the header RateLimit-Policy
};

/// The numbers of names that were ever in the configuration.
using BucketNumbers = std::map<std::string, std::uint8_t>;

class Settings {
 public:
  /// Throws Failure INVALID. `numbers` gains the names that are new.
  Settings(std::string_view config, BucketNumbers& numbers);

  /// [hot] Nothing for what is not limited.
  const Bucket* bucketFor(std::string_view method, std::string_view route,
                          std::string_view group) const noexcept;
  /// A route that requests may have, as patterns of the configuration name it.
  struct KnownRoute {
    std::string method;
    std::string pattern;
    auto operator<=>(const KnownRoute&) const = default;
  };
  /// Those of the configuration that none of these is: "GET /nowhere".
  std::vector<std::string> namesNone(const std::set<KnownRoute>& known) const;
  const std::vector<Bucket>& buckets() const noexcept { return buckets_; }

 private:
  struct Row {
    std::string method;                 ///< of a route; "" = any
    std::string route;                  ///< a pattern; "" = by group
    std::string group;                  ///< "" = every other
    std::optional<std::size_t> bucket;  ///< nothing = no limit
  };
  void add(Row row, const std::string& name, std::int64_t per_minute, BucketNumbers& numbers);

  std::map<std::string, std::int64_t> limits_;  ///< by name, those without a limit too
  std::vector<Bucket> buckets_;
  std::vector<Row> rows_;  ///< the first that fits counts
};

}  // namespace rate_limit
