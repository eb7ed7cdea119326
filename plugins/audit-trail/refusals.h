// Refusals by a limit (429) on their way into the trail: of each caller, method and route one
// record a minute, with their number, so that a flood of them is no flood of rows.
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
  /// At once; beyond that the records are written early.
  static constexpr std::size_t Most = 10'000;

  /// `kind` is that of the request (Record::kind).
  void add(Entry entry, std::uint64_t kind, Time now) {
    const std::string caller =
        entry.user_id ? std::to_string(*entry.user_id) : "@" + entry.ip_address;
    const auto [found, is_new] = waiting_.try_emplace(caller + " " + std::to_string(kind));
    if (is_new) {
      found->second = {std::move(entry), now};
    } else {
      found->second.entry.count += entry.count;
    }
  }

  /// Those whose minute is over, or all; they are forgotten here.
  std::vector<Entry> due(Time now, bool all) {
    constexpr std::chrono::minutes Window{1};
    all = all || waiting_.size() >= Most;
    std::vector<Entry> entries;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      if (all || now - at->second.first >= Window) {
        entries.push_back(std::move(at->second.entry));
        at = waiting_.erase(at);
      } else {
        ++at;
      }
    }
    return entries;
  }
  std::size_t size() const noexcept { return waiting_.size(); }

 private:
  struct Waiting {
    Entry entry;
    Time first;
  };
  std::unordered_map<std::string, Waiting> waiting_;
};

}  // namespace audit_trail
