// Refusals by a limit (429) on their way into the trail: of each caller one record a minute, with
// their number, so that a flood of them is no flood of rows.
#pragma once
#include "entry.h"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace audit_trail {

class Refusals {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Callers at once; beyond that the records are written early.
  static constexpr std::size_t MostCallers = 10'000;

  void add(Entry entry, Time now) {
    const std::string caller =
        entry.user_id ? std::to_string(*entry.user_id) : "@" + entry.ip_address;
    const auto [found, is_new] = callers_.try_emplace(caller);
    if (is_new) {
      found->second = {std::move(entry), now};
    } else {
      found->second.entry.count += entry.count;
    }
  }

  /// Those whose minute is over, or all; they are forgotten here.
  std::vector<Entry> due(Time now, bool all) {
    constexpr std::chrono::minutes Window{1};
    all = all || callers_.size() >= MostCallers;
    std::vector<Entry> entries;
    for (auto at = callers_.begin(); at != callers_.end();) {
      if (all || now - at->second.first >= Window) {
        entries.push_back(std::move(at->second.entry));
        at = callers_.erase(at);
      } else {
        ++at;
      }
    }
    return entries;
  }
  std::size_t size() const noexcept { return callers_.size(); }

 private:
  struct Waiting {
    Entry entry;
    Time first;
  };
  std::unordered_map<std::string, Waiting> callers_;
};

}  // namespace audit_trail
