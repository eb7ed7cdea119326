#include "engagement/coverage.h"

#include "base/json.h"

#include <algorithm>

namespace reeld::engagement {

Intervals merged(Intervals intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.from < b.from; });
  Intervals out;
  for (const Interval& one : intervals) {
    if (one.from >= one.to) {
      continue;
    }
    if (!out.empty() && one.from <= out.back().to) {
      out.back().to = std::max(out.back().to, one.to);
    } else {
      out.push_back(one);
    }
  }
  return out;
}

std::int64_t lengthOf(const Intervals& intervals) noexcept {
  std::int64_t length = 0;
  for (const Interval& one : intervals) {
    length += one.to - one.from;
  }
  return length;
}

Intervals clamped(const Intervals& intervals, std::int64_t end) {
  Intervals out;
  for (const Interval& one : intervals) {
    const Interval inside{std::max<std::int64_t>(one.from, 0), std::min(one.to, end)};
    if (inside.from < inside.to) {
      out.push_back(inside);
    }
  }
  return out;
}

Intervals without(const Intervals& some, const Intervals& others) {
  Intervals out;
  auto other = others.begin();
  for (Interval left : some) {
    while (other != others.end() && other->to <= left.from) {
      ++other;
    }
    // One of the others may reach into the next of some as well.
    for (auto next = other; next != others.end() && next->from < left.to; ++next) {
      if (left.from < next->from) {
        out.push_back({left.from, next->from});
      }
      left.from = std::min(next->to, left.to);
    }
    if (left.from < left.to) {
      out.push_back(left);
    }
  }
  return out;
}

Intervals cut(const Intervals& intervals, std::int64_t length) {
  Intervals out;
  for (const Interval& one : intervals) {
    if (length <= 0) {
      break;
    }
    const std::int64_t taken = std::min(one.to - one.from, length);
    out.push_back({one.from, one.from + taken});
    length -= taken;
  }
  return out;
}

std::string print(const Intervals& intervals) {
  JsonWriter json;
  json.beginArray();
  for (const Interval& one : intervals) {
    json.beginArray().value(one.from).value(one.to).endArray();
  }
  json.endArray();
  return json.take();
}

Intervals parseIntervals(std::string_view text) {
  Intervals out;
  const Json list = Json::parse(text);
  for (const Json& one : list.array()) {
    out.push_back({one.array().at(0).integer(), one.array().at(1).integer()});
  }
  return out;
}

}  // namespace reeld::engagement
