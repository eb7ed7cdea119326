#include "analytics/summary.h"

#include "base/error.h"

namespace reeld::analytics {

namespace {

std::int64_t number(const Json& json, const char* name) {
  const Json* value = json.find(name);
  if (value == nullptr || !value->isInteger()) {
    throw Error(ErrorCode::Corrupt, std::string("a report has no number ") + name);
  }
  return value->integer();
}

const Json& member(const Json& json, const char* name) {
  const Json* value = json.find(name);
  if (value == nullptr) {
    throw Error(ErrorCode::Corrupt, std::string("a report has no ") + name);
  }
  return *value;
}

const Json::Array& list(const Json& json, const char* name) {
  const Json& value = member(json, name);
  if (!value.isArray()) {
    throw Error(ErrorCode::Corrupt, std::string("in a report there is no list ") + name);
  }
  return value.array();
}

Counters countersIn(const Json& json) {
  return {.views = number(json, "views"),
          .viewers = number(json, "viewers"),
          .new_viewers = number(json, "new_viewers"),
          .likes = number(json, "likes"),
          .dislikes = number(json, "dislikes"),
          .watched_ms = number(json, "watched_ms"),
          .orders = number(json, "orders"),
          .refunds = number(json, "refunds"),
          .sales_minor = number(json, "sales_minor"),
          .creator_minor = number(json, "creator_minor"),
          .platform_minor = number(json, "platform_minor")};
}

}  // namespace

Summary parseSummary(const Json& report) {
  Summary summary;
  summary.total = countersIn(member(report, "total"));
  for (const Json& one : list(report, "days")) {
    const Json& day = member(one, "day");
    if (!day.isString()) {
      throw Error(ErrorCode::Corrupt, "in a report a day is no text");
    }
    summary.days.push_back({day.text(), countersIn(one)});
  }
  for (const Json& one : list(report, "top_videos")) {
    summary.top_videos.push_back({number(one, "video_id"), std::nullopt, countersIn(one)});
  }
  return summary;
}

}  // namespace reeld::analytics
