#include "api/engagement_json.h"

#include "base/error.h"

#include <cmath>

namespace reeld::api {

namespace {

constexpr std::size_t MostIntervals = 100;
/// About three years: beyond it nothing is a time in a video.
constexpr double LongestMs = 1e11;

class ReportReader {
 public:
  /// Whole milliseconds of a number: what a player has in seconds is seldom round.
  std::int64_t time(const Json& object, const std::string& name, const std::string& pointer) {
    const Json* value = object.find(name);
    const double number = value != nullptr && value->isNumber() ? value->number() : -1;
    if (!(number >= 0 && number <= LongestMs)) {
      violations_.push_back({pointer, "must be a number of milliseconds, 0 or more"});
      return 0;
    }
    return static_cast<std::int64_t>(number);
  }

  engagement::Intervals intervals(const Json* list) {
    engagement::Intervals out;
    if (list == nullptr || list->isNull()) {
      return out;
    }
    if (!list->isArray() || list->array().size() > MostIntervals) {
      violations_.push_back(
          {"/watched", "must be a list of at most " + std::to_string(MostIntervals)});
      return out;
    }
    for (const Json& one : list->array()) {
      const std::string pointer = "/watched/" + std::to_string(out.size());
      out.push_back(
          {time(one, "from_ms", pointer + "/from_ms"), time(one, "to_ms", pointer + "/to_ms")});
      if (out.back().from > out.back().to) {
        violations_.push_back({pointer + "/to_ms", "must not be before from_ms"});
      }
    }
    return out;
  }

  void check() {
    if (!violations_.empty()) {
      throw Error(std::move(violations_));
    }
  }

 private:
  std::vector<Violation> violations_;
};

}  // namespace

std::string standingJson(const engagement::Standing& standing) {
  JsonWriter json;
  json.beginObject().key("reaction");
  standing.own ? json.value(engagement::word(*standing.own)) : json.null();
  json.member("likes", standing.counts.likes)
      .member("dislikes", standing.counts.dislikes)
      .endObject();
  return json.take();
}

std::string progressJson(catalog::VideoId video, const engagement::Progress& progress) {
  JsonWriter json;
  json.beginObject()
      .member("video_id", video)
      .member("position_ms", progress.watch.position_ms)
      .member("watched_ms", progress.watch.watched_ms)
      .key("duration_ms");
  progress.duration_ms ? json.value(*progress.duration_ms) : json.null();
  json.key("watched").beginArray();
  for (const engagement::Interval& one : progress.watch.seen) {
    json.beginObject().member("from_ms", one.from).member("to_ms", one.to).endObject();
  }
  json.endArray().endObject();
  return json.take();
}

std::string figuresJson(catalog::VideoId video, const engagement::Figures& figures) {
  JsonWriter json;
  json.beginObject()
      .member("video_id", video)
      .member("total_views", figures.audience.views)
      .member("unique_viewers", figures.audience.viewers)
      .member("likes", figures.reactions.likes)
      .member("dislikes", figures.reactions.dislikes)
      .member("watched_ms", figures.audience.watched_ms)
      .endObject();
  return json.take();
}

engagement::WatchReport readWatchReport(const Json& body) {
  ReportReader reader;
  engagement::WatchReport report;
  report.position_ms = reader.time(body, "position_ms", "/position_ms");
  report.watched = reader.intervals(body.find("watched"));
  reader.check();
  return report;
}

}  // namespace reeld::api
