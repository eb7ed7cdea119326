// See cue_list.h.
#include "cue_list.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <tuple>
#include <utility>

namespace reeld::libav {
namespace {

// Around the text of a cue: times, arrow, a setting, line ends.
constexpr std::int64_t FrameBytes = 64;
// Beyond what any title runs for; and the hours of a time stamp stay a few digits.
constexpr std::int64_t MostMs = 366LL * 24 * 3600 * 1000;

std::string stamp(std::int64_t ms) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%03" PRId64,
                ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
  return text.data();
}

}  // namespace

void CueList::add(std::int64_t start_ms, std::int64_t end_ms, SubtitleText said) {
  start_ms = std::max<std::int64_t>(start_ms, 0);
  end_ms = std::min(end_ms, MostMs);
  const std::int64_t bytes = static_cast<std::int64_t>(said.text.size()) + FrameBytes;
  if (end_ms <= start_ms || said.text.empty() || count() >= most_cues_ || bytes > bytes_left_) {
    ++dropped_;
    return;
  }
  bytes_left_ -= bytes;
  cues_.push_back({start_ms, end_ms, std::move(said)});
}

std::string CueList::print() {
  const auto order = [](const Cue& cue) { return std::tie(cue.start_ms, cue.end_ms); };
  std::stable_sort(cues_.begin(), cues_.end(),
                   [&](const Cue& a, const Cue& b) { return order(a) < order(b); });
  const auto same = [&](const Cue& a, const Cue& b) {
    return order(a) == order(b) && a.said.text == b.said.text;
  };
  cues_.erase(std::unique(cues_.begin(), cues_.end(), same), cues_.end());
  std::string file = "WEBVTT\n";
  for (const Cue& cue : cues_) {
    file += "\n" + stamp(cue.start_ms) + " --> " + stamp(cue.end_ms);
    file += cue.said.at_top ? " line:0\n" : "\n";
    file += cue.said.text + "\n";
  }
  return file;
}

}  // namespace reeld::libav
