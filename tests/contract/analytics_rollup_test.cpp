// analytics-rollup counts every event once, whatever comes twice, late or broken.
#include "analytics_held.h"

#include <map>
#include <random>
#include <set>
#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

constexpr std::int64_t First = 20'000;  ///< a day: 2024-10-04

struct Rollup : AnalyticsHeld {
  Rollup() : AnalyticsHeld("analytics-rollup") { REQUIRE(status == REELD_OK); }

  static OneEvent event(const std::string& id, const std::string& type, const std::string& rest,
                        std::int64_t day = First, const std::string& user = "7") {
    return {id, type, user, R"({"video_id":1,"creator_id":5)" + rest + "}", day * DayMs + 1};
  }
  static OneEvent view(const std::string& id, const std::string& user = "7",
                       std::int64_t day = First) {
    return event(id, "video.viewed", R"(,"viewed_at":)" + std::to_string(day * DayMs), day, user);
  }
  static OneEvent order(const std::string& id, const std::string& type) {
    return {id, type, "7",
            R"({"order":1,"video":1,"creator":5,"user":7,"amount_minor":1000,"creator_minor":800,)"
            R"("platform_minor":200,"currency":"EUR"})",
            First * DayMs};
  }
  Json summary(const std::string& whose = R"("creator_id":5,)",
               const std::string& days = R"("from":"2024-10-04","to":"2024-10-04")") {
    const auto told = ask("summary", "{" + whose + days + "}");
    REQUIRE(told);
    return *told;
  }
  static std::int64_t number(const Json& json, const std::string& name) {
    return json.find(name)->integer();
  }
  std::int64_t total(const std::string& name) { return number(*summary().find("total"), name); }
};

}  // namespace

TEST_CASE("what is offered twice counts once, in one batch and in another") {
  Rollup rollup;
  CHECK(rollup.offer({Rollup::view("a"), Rollup::view("a"), Rollup::view("b")}) == 3);
  CHECK(rollup.offer({Rollup::view("b"), Rollup::view("c", "8")}) == 2);
  CHECK(rollup.offer({Rollup::view("b"), Rollup::view("c", "8")}) == 2);
  CHECK(rollup.total("views") == 3);
  CHECK(rollup.total("viewers") == 2);
}

TEST_CASE("reactions, time watched and orders add up for video, creator and site") {
  Rollup rollup;
  OneEvent subscription = Rollup::order("s", "order.paid");
  subscription.json = R"({"order":2,"user":7,"amount_minor":999,"creator_minor":0,)"
                      R"("platform_minor":999,"currency":"EUR"})";
  rollup.offer({Rollup::event("a", "video.reacted", R"(,"from":null,"to":"LIKE")"),
                Rollup::event("b", "video.reacted", R"(,"from":"LIKE","to":"DISLIKE")"),
                Rollup::event("c", "video.reacted", R"(,"from":null,"to":"LIKE")", First, "8"),
                Rollup::event("d", "video.watched", R"(,"watched_ms":1500)"),
                Rollup::order("e", "order.paid"), Rollup::order("f", "order.paid"),
                Rollup::order("g", "order.refunded"), subscription,
                Rollup::event("h", "video.created", R"(,"watched_ms":9)")});
  for (const std::string whose : {R"("creator_id":5,)", ""}) {
    const Json summary = rollup.summary(whose);
    for (const Json& sums : {*summary.find("total"), summary.find("days")->array().at(0),
                             summary.find("top_videos")->array().at(0)}) {
      CHECK(Rollup::number(sums, "likes") == 1);
      CHECK(Rollup::number(sums, "dislikes") == 1);
      CHECK(Rollup::number(sums, "watched_ms") == 1500);
      CHECK(Rollup::number(sums, "orders") == 2);
      CHECK(Rollup::number(sums, "refunds") == 1);
      CHECK(Rollup::number(sums, "sales_minor") == 1000);
      CHECK(Rollup::number(sums, "creator_minor") == 800);
      CHECK(Rollup::number(sums, "platform_minor") == 200);
      CHECK(Rollup::number(sums, "views") == 0);
    }
  }
  CHECK(Rollup::number(*rollup.summary(R"("creator_id":6,)").find("total"), "orders") == 0);
}

TEST_CASE("an event that cannot be read holds up no other") {
  Rollup rollup;
  auto broken = Rollup::view("a");
  broken.json = "{";
  auto poor = Rollup::view("b");
  poor.json = R"({"video_id":1})";
  auto nobodys = Rollup::view("c", "");
  CHECK(rollup.offer({broken, poor, nobodys, Rollup::view("d")}) == 4);
  CHECK(rollup.total("views") == 1);
}

TEST_CASE("a batch that cannot be written is not taken, and counts once when it can") {
  Rollup rollup;
  rollup.sql().execute("ALTER TABLE rollup_returns RENAME TO away");
  CHECK(rollup.offer({Rollup::view("a"), Rollup::view("b")}) == 0);
  CHECK(rollup.offer({Rollup::view("a"), Rollup::view("b")}) == 0);
  rollup.sql().execute("ALTER TABLE away RENAME TO rollup_returns");
  CHECK(rollup.offer({Rollup::view("a"), Rollup::view("b")}) == 2);
  CHECK(rollup.total("views") == 2);
  CHECK(rollup.total("viewers") == 1);
}

TEST_CASE("people of any days are counted once, in whatever order their days are told") {
  Rollup rollup;
  std::mt19937 random(11);
  constexpr std::int64_t span_days = 12;
  std::map<std::int64_t, std::multiset<std::string>> seen;  // by day: who, as often as he viewed
  int made = 0;
  for (int batch = 0; batch < 25; ++batch) {
    std::vector<OneEvent> events;
    for (int i = 0; i < 8; ++i) {
      const auto day = First + static_cast<std::int64_t>(random() % span_days);
      const std::string user = std::to_string(1 + random() % 15);
      seen[day].insert(user);
      events.push_back(Rollup::view(std::to_string(++made), user, day));
    }
    REQUIRE(rollup.offer(events) == events.size());
  }
  const auto date = [](std::int64_t day) {
    const std::int64_t of_month = day - First + 4;
    return "2024-10-" + std::string(of_month < 10 ? "0" : "") + std::to_string(of_month);
  };
  for (std::int64_t from = First; from < First + span_days; ++from) {
    for (std::int64_t to = from; to < First + span_days; ++to) {
      std::set<std::string> before;
      std::set<std::string> people;
      std::size_t views = 0;
      for (const auto& [day, users] : seen) {
        if (day < from) {
          before.insert(users.begin(), users.end());
        } else if (day <= to) {
          people.insert(users.begin(), users.end());
          views += users.size();
        }
      }
      const auto fresh = std::count_if(people.begin(), people.end(),
                                       [&](const auto& user) { return !before.contains(user); });
      const Json summary = rollup.summary(
          R"("creator_id":5,)", R"("from":")" + date(from) + R"(","to":")" + date(to) + "\"");
      for (const Json& sums : {*summary.find("total"), summary.find("top_videos")->array().at(0)}) {
        CHECK(Rollup::number(sums, "views") == static_cast<std::int64_t>(views));
        CHECK(Rollup::number(sums, "viewers") == static_cast<std::int64_t>(people.size()));
        CHECK(Rollup::number(sums, "new_viewers") == fresh);
      }
      for (const Json& day : summary.find("days")->array()) {
        const auto& users = seen[First + std::stoi(day.find("day")->text().substr(8)) - 4];
        CHECK(Rollup::number(day, "viewers") ==
              static_cast<std::int64_t>(std::set(users.begin(), users.end()).size()));
      }
    }
  }
}

TEST_CASE("the videos with most views come first, and no more than asked for") {
  Rollup rollup;
  std::vector<OneEvent> events;
  for (int video = 1; video <= 5; ++video) {
    for (int view = 0; view < video; ++view) {
      auto one = Rollup::view(std::to_string(video) + "-" + std::to_string(view));
      one.json = R"({"creator_id":5,"video_id":)" + std::to_string(video) + "}";
      events.push_back(one);
    }
  }
  rollup.offer(events);
  const Json summary =
      rollup.summary(R"("creator_id":5,"top":2,)", R"("from":"2024-10-01","to":"2024-10-31")");
  const auto& top = summary.find("top_videos")->array();
  REQUIRE(top.size() == 2);
  CHECK(Rollup::number(top[0], "video_id") == 5);
  CHECK(Rollup::number(top[0], "viewers") == 1);
  CHECK(Rollup::number(top[1], "views") == 4);
}

TEST_CASE("one video has its own days") {
  Rollup rollup;
  auto other = Rollup::view("b", "8");
  other.json = R"({"creator_id":5,"video_id":2})";
  rollup.offer({Rollup::view("a"), Rollup::view("c", "7", First + 1), other,
                Rollup::event("d", "video.watched", R"(,"watched_ms":1500)")});
  const Json summary =
      rollup.summary(R"("creator_id":5,"video_id":1,)", R"("from":"2024-10-01","to":"2024-10-31")");
  const Json& total = *summary.find("total");
  CHECK(Rollup::number(total, "views") == 2);
  CHECK(Rollup::number(total, "viewers") == 1);
  CHECK(Rollup::number(total, "watched_ms") == 1500);
  CHECK(summary.find("days")->array().size() == 2);
  CHECK(summary.find("top_videos")->array().empty());
}

TEST_CASE("what is asked for wrongly is refused by name") {
  Rollup rollup;
  CHECK(!rollup.ask("weather", "{}"));
  CHECK(rollup.refused_with == REELD_NOT_FOUND);
  for (const std::string params : {R"({"from":"2024-10-04"})", R"({"from":"2024-10-04","to":"x"})",
                                   R"({"from":"2024-10-04","to":"2024-02-30"})"}) {
    CHECK(!rollup.ask("summary", params));
    CHECK(rollup.refused_with == REELD_INVALID);
    CHECK(std::string(rollup.failure.pointer) == "/to");
  }
}

TEST_CASE("ids are kept as long as their events may come again, by what was taken last") {
  Rollup rollup;
  const auto ids = [&] {
    std::string all;
    for (const auto& row : rollup.sql().query("SELECT event_id FROM rollup_events ORDER BY 1")) {
      all += row.at(0).value_or("");
    }
    return all;
  };
  rollup.offer({Rollup::view("a"), Rollup::view("b"), Rollup::view("c")});
  // Long ago, but the last that were taken: they may still be offered again.
  rollup.sql().execute("UPDATE rollup_events SET taken_at = 500000000 WHERE event_id <> 'a'");
  rollup.sql().execute("UPDATE rollup_events SET taken_at = 1000 WHERE event_id = 'a'");
  rollup.beginSchedule();
  for (int i = 0; i < 400 && ids() != "bc"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(ids() == "bc");
}
