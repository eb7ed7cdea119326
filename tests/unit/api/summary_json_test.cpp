// Sums as clients and spreadsheets read them.
#include "api/summary_json.h"

#include "base/json.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::api;

namespace {

SummaryPage page() {
  SummaryPage page{
      .creator_id = 5, .video_id = {}, .range = {"2026-02-27", "2026-03-01"}, .summary = {}};
  page.summary.total.views = 3;
  page.summary.total.sales_minor = -1005;
  analytics::Counters day;
  day.views = 3;
  day.creator_minor = 799;
  page.summary.days.push_back({"2026-02-28", day});
  page.summary.top_videos.push_back({17, "a \"film\"", day});
  page.summary.top_videos.push_back({18, std::nullopt, day});
  return page;
}

}  // namespace

TEST_CASE("every day of a range has its line, also without anything") {
  CHECK(summaryCsv(page()) ==
        "date,total_views,unique_viewers,new_viewers,likes,dislikes,watched_ms,orders,refunds,"
        "total_sales,creator_earnings,platform_earnings\r\n"
        "2026-02-27,0,0,0,0,0,0,0,0,0,0,0\r\n"
        "2026-02-28,3,0,0,0,0,0,0,0,0,7.99,0\r\n"
        "2026-03-01,0,0,0,0,0,0,0,0,0,0,0\r\n");
}

TEST_CASE("amounts are decimal numbers, also below nothing") {
  const std::string text = summaryJson(page());
  CHECK(text.find(R"("total_sales":-10.05)") != std::string::npos);
  const Json json = Json::parse(text);
  CHECK(json.find("creator_id")->integer() == 5);
  CHECK(json.find("days")->array().size() == 3);
  CHECK(json.find("top_videos")->array()[0].find("title")->text() == "a \"film\"");
  CHECK(json.find("top_videos")->array()[1].find("title")->isNull());
}

TEST_CASE("of one video there is no list of the best") {
  SummaryPage one = page();
  one.video_id = 17;
  const Json json = Json::parse(summaryJson(one));
  CHECK(json.find("video_id")->integer() == 17);
  CHECK(json.find("top_videos") == nullptr);
  CHECK(json.find("days")->array().size() == 3);
}
