// Request limits per caller: so many a minute of each kind of request, at once or spread, then 429
// with the time to wait. Nothing is kept but what is owed, in memory of fixed size; a daemon counts
// what it sees itself.
#include "settings.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <reeld/plugin.hpp>

#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <memory>
#include <set>
#include <vector>

using namespace reeld::sdk;

namespace rate_limit {
namespace {

constexpr std::int64_t MsUs = 1000;
constexpr std::int64_t SecondUs = 1'000'000;

constexpr std::int64_t roundedUp(std::int64_t value, std::int64_t unit) noexcept {
  return (value + unit - 1) / unit;
}

std::int64_t monotonicUs() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * SecondUs + now.tv_nsec / MsUs;
}

/// "NAME";r=LEFT;t=SECONDS (draft-ietf-httpapi-ratelimit-headers), in a buffer of its own.
class StateText {
 public:
  StateText(std::string_view name, std::int64_t left, std::int64_t seconds) noexcept {
    add("\"").add(name).add("\";r=").add(left).add(";t=").add(seconds);
  }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  StateText& add(std::string_view text) noexcept {
    const std::size_t count = std::min(text.size(), bytes_.size() - size_);
    std::copy_n(text.begin(), count, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += count;
    return *this;
  }
  StateText& add(std::int64_t number) noexcept {
    const auto end = std::to_chars(bytes_.data() + size_, bytes_.data() + bytes_.size(), number);
    size_ = static_cast<std::size_t>(end.ptr - bytes_.data());
    return *this;
  }
  std::array<char, 96> bytes_{};
  std::size_t size_ = 0;
};

class RateLimit {
 public:
  static constexpr auto id = "org.reeld.rate-limit";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Request limits";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "auth": {"type": "integer", "minimum": 0, "maximum": 1000000, "default": 20,
               "description": "a minute: sign-in, registration, refresh, links in mails; 0 = any"},
      "stream": {"type": "integer", "minimum": 0, "maximum": 1000000, "default": 20,
                 "description": "a minute: play tokens"},
      "upload": {"type": "integer", "minimum": 0, "maximum": 1000000, "default": 60,
                 "description": "a minute: uploads of files"},
      "default": {"type": "integer", "minimum": 0, "maximum": 1000000, "default": 300,
                  "description": "a minute: everything else but media"},
      "routes": {
        "type": "array", "default": [], "maxItems": 32,
        "description": "buckets of their own for single routes",
        "items": {
          "type": "object", "additionalProperties": false,
          "required": ["name", "route", "per_minute"],
          "properties": {
            "name": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,31}$"},
            "route": {"type": "string", "pattern": "^/", "maxLength": 200},
            "method": {"type": "string",
                       "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
            "per_minute": {"type": "integer", "minimum": 0, "maximum": 1000000}
          }
        }
      }
    }
  })";

  RateLimit(Host host, std::string_view config)
      : host_(host),
        refused_(host.counter("refused_total", "requests refused by a limit")),
        evicted_(host.counter("evicted_total", "callers forgotten while they still owed")) {
    reconfigure(config);
  }

  void reconfigure(std::string_view config) {
    BucketNumbers numbers = numbers_;
    auto next = std::make_unique<const Settings>(config, numbers);
    numbers_ = std::move(numbers);
    settings_.store(next.get(), std::memory_order_release);
    all_settings_.push_back(std::move(next));  // requests may still read the earlier ones
    if (!known_.empty()) {
      tellOfNone();
    }
  }

  /// Told every route, and last what has none.
  bool covers(const Route& route) {
    if (route.pattern().empty()) {
      tellOfNone();
    } else {
      known_.insert({std::string(route.method()), std::string(route.pattern())});
    }
    return route.group() != "media";
  }

  int32_t onRequest(Exchange x) noexcept {
    const Settings& settings = *settings_.load(std::memory_order_acquire);
    const Bucket* bucket = settings.bucketFor(x.method(), x.route(), x.group());
    if (bucket == nullptr) {
      return REELD_CONTINUE;
    }
    const Rate& rate = bucket->rate;
    const auto verdict =
        table_.take(callerOf(x.userId(), x.peer()), bucket->number, rate, x.raw().started_us);
    if (verdict.evicted) {
      evicted_.add();
    }
    x.setHeader("RateLimit-Policy", bucket->policy);
    if (verdict.passes) {
      const StateText state(bucket->name, rate.left(verdict.owed_us),
                            roundedUp(verdict.owed_us, SecondUs));
      x.setHeader("RateLimit", state.view());
      return REELD_CONTINUE;
    }
    refused_.add();
    const std::int64_t wait = verdict.owed_us - rate.toleranceUs();
    x.setHeader("RateLimit", StateText(bucket->name, 0, roundedUp(wait, SecondUs)).view());
    return x.respond(429, "rate-limited", static_cast<uint32_t>(roundedUp(wait, MsUs)));
  }

  /// "busiest": who has used most of a limit, at most a hundred.
  std::string report(Call, std::string_view what) {
    if (!what.empty() && what != "busiest") {
      throw Failure(REELD_NOT_FOUND, "there is one report: busiest");
    }
    struct Row {
      const Bucket* bucket;
      BucketTable::Entry entry;
      std::int64_t used;
    };
    std::vector<Row> rows;
    const Settings& settings = *settings_.load(std::memory_order_acquire);
    for (const auto& entry : table_.entries(monotonicUs())) {
      for (const Bucket& bucket : settings.buckets()) {
        if (bucket.number == entry.bucket) {
          rows.push_back({&bucket, entry, roundedUp(entry.owed_us, bucket.rate.intervalUs())});
        }
      }
    }
    const auto share = [](const Row& row) {
      return static_cast<double>(row.used) / static_cast<double>(row.bucket->rate.perMinute());
    };
    constexpr std::size_t Most = 100;
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), Most));
    std::partial_sort(rows.begin(), end, rows.end(),
                      [&](const Row& a, const Row& b) { return share(a) > share(b); });
    rapidjson::StringBuffer text;
    rapidjson::Writer json(text);
    json.StartArray();
    for (auto row = rows.begin(); row != end; ++row) {
      json.StartObject();
      json.Key("caller");
      json.String(printed(row->entry.caller).c_str());
      json.Key("bucket");
      json.String(row->bucket->name.c_str());
      json.Key("used");
      json.Int64(row->used);
      json.Key("limit");
      json.Int64(row->bucket->rate.perMinute());
      json.EndObject();
    }
    json.EndArray();
    return text.GetString();
  }

 private:
  void tellOfNone() {
    for (const std::string& route : settings_.load()->namesNone(known_)) {
      if (told_.insert(route).second) {
        host_.warning("a limit is for a route that there is not -> reeldctl plugins chain",
                      {{"route", route}});
      }
    }
  }

  const Host host_;
  BucketTable table_;
  const Metric refused_;
  const Metric evicted_;
  BucketNumbers numbers_;
  std::set<Settings::KnownRoute> known_;
  std::set<std::string> told_;
  std::vector<std::unique_ptr<const Settings>> all_settings_;
  std::atomic<const Settings*> settings_{nullptr};
};

}  // namespace
}  // namespace rate_limit

using rate_limit::RateLimit;
REELD_PLUGIN(RateLimit)
