// A plugin's report is read as what it is, or refused.
#include "analytics/summary.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::analytics;

namespace {

const std::string Numbers =
    R"("views":1,"viewers":2,"new_viewers":3,"likes":-4,"dislikes":5,"watched_ms":6,"orders":7,)"
    R"("refunds":8,"sales_minor":9,"creator_minor":10,"platform_minor":11)";

/// A report with its total; N stands for all the numbers.
std::string report(const std::string& rest) {
  std::string text = R"({"total":{N})" + rest;
  for (auto at = text.find('N'); at != std::string::npos; at = text.find('N', at)) {
    text.replace(at, 1, Numbers);
    at += Numbers.size();
  }
  return text;
}

}  // namespace

TEST_CASE("a report is read with all its numbers") {
  const Summary summary = parseSummary(
      Json::parse(report(R"(,"days":[{"day":"2026-11-29",N}],"top_videos":[{"video_id":17,N}]})")));
  REQUIRE(summary.days.size() == 1);
  REQUIRE(summary.top_videos.size() == 1);
  CHECK(summary.days[0].day == "2026-11-29");
  CHECK(summary.top_videos[0].video_id == 17);
  for (const Counters& all :
       {summary.total, summary.days[0].counters, summary.top_videos[0].counters}) {
    CHECK(all.views == 1);
    CHECK(all.viewers == 2);
    CHECK(all.new_viewers == 3);
    CHECK(all.likes == -4);
    CHECK(all.dislikes == 5);
    CHECK(all.watched_ms == 6);
    CHECK(all.orders == 7);
    CHECK(all.refunds == 8);
    CHECK(all.sales_minor == 9);
    CHECK(all.creator_minor == 10);
    CHECK(all.platform_minor == 11);
  }
}

TEST_CASE("what is no report is corrupt, whatever is wrong with it") {
  for (const std::string& text :
       {std::string("{}"), std::string("[]"), std::string(R"({"total":{"views":1}})"), report("}"),
        report(R"(,"days":{}})"), report(R"(,"days":[{"day":1,N}],"top_videos":[]})"),
        report(R"(,"days":[],"top_videos":[{N}]})")}) {
    INFO(text);
    try {
      parseSummary(Json::parse(text));
      FAIL("it was taken");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Corrupt);
    }
  }
}
