#include "api/summary_json.h"

#include "base/json.h"
#include "catalog/price.h"

#include <functional>
#include <map>

namespace reeld::api {

namespace {

using analytics::Counters;

/// A sum of prices, which may be less than nothing where more was paid back than paid.
std::string decimal(std::int64_t minor) {
  return minor < 0 ? "-" + catalog::printPrice(-minor) : catalog::printPrice(minor);
}

void writeCounters(JsonWriter& json, const Counters& counters) {
  json.member("new_viewers", counters.new_viewers)
      .member("likes", counters.likes)
      .member("dislikes", counters.dislikes)
      .member("watched_ms", counters.watched_ms)
      .member("orders", counters.orders)
      .member("refunds", counters.refunds)
      .key("total_sales")
      .raw(decimal(counters.sales_minor))
      .key("creator_earnings")
      .raw(decimal(counters.creator_minor))
      .key("platform_earnings")
      .raw(decimal(counters.platform_minor));
}

void writePeople(JsonWriter& json, const Counters& counters) {
  json.member("total_views", counters.views).member("unique_viewers", counters.viewers);
}

void writeTopVideos(JsonWriter& json, const std::vector<analytics::VideoCounters>& videos) {
  json.key("top_videos").beginArray();
  for (const auto& video : videos) {
    json.beginObject().member("video_id", video.video_id).key("title");
    video.title ? json.value(*video.title) : json.null();
    writePeople(json, video.counters);
    writeCounters(json, video.counters);
    json.endObject();
  }
  json.endArray();
}

/// Each day of the range, also those on which nothing happened.
void eachDay(const SummaryPage& page,
             const std::function<void(const std::string&, const Counters&)>& body) {
  std::map<std::string, const Counters*> known;
  for (const auto& day : page.summary.days) {
    known[day.day] = &day.counters;
  }
  const Counters nothing;
  for (const std::string& day : daysOf(page.range)) {
    const auto found = known.find(day);
    body(day, found == known.end() ? nothing : *found->second);
  }
}

}  // namespace

std::string summaryJson(const SummaryPage& page) {
  JsonWriter json;
  json.beginObject();
  if (page.video_id) {
    json.member("video_id", *page.video_id);
  }
  json.key("creator_id");
  page.creator_id ? json.value(*page.creator_id) : json.null();
  json.member("from", page.range.from).member("to", page.range.to);
  writePeople(json, page.summary.total);
  writeCounters(json, page.summary.total);
  json.key("days").beginArray();
  eachDay(page, [&](const std::string& day, const Counters& counters) {
    json.beginObject().member("date", day);
    writePeople(json, counters);
    writeCounters(json, counters);
    json.endObject();
  });
  json.endArray();
  if (!page.video_id) {
    writeTopVideos(json, page.summary.top_videos);
  }
  json.endObject();
  return json.take();
}

std::string summaryCsv(const SummaryPage& page) {
  std::string text =
      "date,total_views,unique_viewers,new_viewers,likes,dislikes,watched_ms,orders,refunds,"
      "total_sales,creator_earnings,platform_earnings\r\n";
  eachDay(page, [&](const std::string& day, const Counters& counters) {
    text += day;
    for (const std::int64_t number :
         {counters.views, counters.viewers, counters.new_viewers, counters.likes, counters.dislikes,
          counters.watched_ms, counters.orders, counters.refunds}) {
      text += "," + std::to_string(number);
    }
    for (const std::int64_t amount :
         {counters.sales_minor, counters.creator_minor, counters.platform_minor}) {
      text += "," + decimal(amount);
    }
    text += "\r\n";
  });
  return text;
}

}  // namespace reeld::api
