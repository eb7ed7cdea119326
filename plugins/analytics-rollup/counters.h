// What is summed up of a day, as one list: the columns of the tables and the members of reports.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace analytics_rollup {

enum class Counter : std::size_t {
  Views,
  Likes,
  Dislikes,
  WatchedMs,
  Orders,
  Refunds,
  Sales,     ///< paid less refunded, in minor units of the site's currency; so are the next two
  Creator,   ///< the creator's share of it
  Platform,  ///< the site's
};
inline constexpr std::array<std::string_view, 9> CounterNames = {
    "views",   "likes",       "dislikes",      "watched_ms",    "orders",
    "refunds", "sales_minor", "creator_minor", "platform_minor"};

class Counters {
 public:
  std::int64_t& operator[](Counter counter) noexcept {
    return values_[static_cast<std::size_t>(counter)];
  }
  std::int64_t operator[](Counter counter) const noexcept {
    return values_[static_cast<std::size_t>(counter)];
  }
  Counters& operator+=(const Counters& other) noexcept {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      values_[i] += other.values_[i];
    }
    return *this;
  }
  std::array<std::int64_t, CounterNames.size()>& values() noexcept { return values_; }
  const std::array<std::int64_t, CounterNames.size()>& values() const noexcept { return values_; }

 private:
  std::array<std::int64_t, CounterNames.size()> values_{};
};

}  // namespace analytics_rollup
