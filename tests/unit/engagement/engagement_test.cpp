// Reactions, progress and what is counted of them, over real rows on both engines.
#include "engagement/engagement.h"

#include "catalog/video_purge.h"
#include "catalog/video_repository.h"
#include "playback/playback_repository.h"
#include "unit/users/site.h"

#include <thread>

using namespace reeld;
using namespace reeld::engagement;
using namespace reeld::test;

namespace {

struct Hall : Site {
  explicit Hall(db::Dialect dialect)
      : Site(dialect),
        owner(viewer("owner@example.org", users::Role::Creator)),
        guest(viewer("guest@example.org", users::Role::Viewer)) {
    catalog::VideoDraft draft;
    draft.title = "film";
    video = database->transact([&](db::Session& session) {
      return catalog::insertVideo(session, owner.user_id, draft, clock.now());
    });
    run("UPDATE videos SET state = 'READY', current_encoding = 1, duration_ms = 60000");
    run("DELETE FROM outbox");
  }
  void play(const users::Viewer& who, const std::string& token) {
    database->transact([&](db::Session& session) {
      playback::countView(session, {video, who.user_id, token, clock.now(), owner.user_id});
    });
  }
  /// The events of a type, oldest first.
  std::string events(const std::string& type) {
    return database->read([&](db::Session& session) {
      std::string all;
      for (const auto& row : session.queryText(
               "SELECT user_id, json FROM outbox WHERE type = '" + type + "' ORDER BY id", {})) {
        all += std::to_string(row.integer(0)) + row.text(1) + "\n";
      }
      return all;
    });
  }
  std::string line(const users::Viewer& who, const std::string& rest) const {
    return std::to_string(who.user_id) + R"({"video_id":)" + std::to_string(video) +
           R"(,"creator_id":)" + std::to_string(owner.user_id) + "," + rest + "}\n";
  }

  users::Viewer owner;
  users::Viewer guest;
  catalog::VideoId video = 0;
  Engagement engagement{*database, clock, {}};
};

}  // namespace

TEST_CASE("there is one reaction for each user and video, and each change is told once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      hall.engagement.react(hall.guest, hall.video, Reaction::Like);
      hall.engagement.react(hall.guest, hall.video, Reaction::Like);
      hall.engagement.react(hall.guest, hall.video, Reaction::Dislike);
      hall.engagement.react(hall.owner, hall.video, Reaction::Like);
      const Standing standing = hall.engagement.standing(hall.guest, hall.video);
      CHECK(standing.own == Reaction::Dislike);
      CHECK(standing.counts.likes == 1);
      CHECK(standing.counts.dislikes == 1);
      hall.engagement.withdraw(hall.guest, hall.video);
      hall.engagement.withdraw(hall.guest, hall.video);
      CHECK(hall.engagement.figures(hall.owner, hall.video).reactions.dislikes == 0);
      CHECK(hall.events("video.reacted") ==
            hall.line(hall.guest, R"("from":null,"to":"LIKE")") +
                hall.line(hall.guest, R"("from":"LIKE","to":"DISLIKE")") +
                hall.line(hall.owner, R"("from":null,"to":"LIKE")") +
                hall.line(hall.guest, R"("from":"DISLIKE","to":null)"));
    }
  }
}

TEST_CASE("who may not play a video neither reacts nor watches") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      const auto refusals = [&] {
        return std::pair(
            codeOf([&] { hall.engagement.react(hall.guest, hall.video, Reaction::Like); }),
            codeOf([&] { hall.engagement.report(hall.guest, hall.video, {}); }));
      };
      hall.run("UPDATE videos SET is_paid = 1, price_minor = 100");
      CHECK(refusals() == std::pair(ErrorCode::Denied, ErrorCode::Denied));
      hall.run("UPDATE videos SET current_encoding = NULL");
      CHECK(refusals() == std::pair(ErrorCode::Invalid, ErrorCode::Invalid));
      hall.run("UPDATE videos SET deleted_at = 1");
      CHECK(refusals() == std::pair(ErrorCode::NotFound, ErrorCode::NotFound));
      CHECK(codeOf([&] { hall.engagement.withdraw(hall.guest, hall.video); }) ==
            ErrorCode::NotFound);
      CHECK(codeOf([&] { hall.engagement.standing(hall.guest, hall.video); }) ==
            ErrorCode::NotFound);
      CHECK(codeOf([&] { hall.engagement.progress(hall.guest, hall.video); }) ==
            ErrorCode::NotFound);
      CHECK(hall.count("SELECT COUNT(*) FROM reactions") == 0);
      CHECK(hall.count("SELECT COUNT(*) FROM outbox") == 0);
    }
  }
}

TEST_CASE("figures are for owner and administrators, also of a deleted video") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      hall.play(hall.guest, "a");
      hall.play(hall.guest, "b");
      hall.play(hall.guest, "b");
      hall.play(hall.owner, "c");
      hall.clock.advance(5'000);
      hall.engagement.report(hall.guest, hall.video,
                             {.position_ms = 9'000, .watched = {{0, 9'000}}});
      hall.run("UPDATE videos SET deleted_at = 1");
      const Figures figures = hall.engagement.figures(hall.owner, hall.video);
      CHECK(figures.audience.views == 3);
      CHECK(figures.audience.viewers == 2);
      CHECK(figures.audience.watched_ms == 5'000);
      CHECK(codeOf([&] { hall.engagement.figures(hall.guest, hall.video); }) == ErrorCode::Denied);
      CHECK(codeOf([&] { hall.engagement.figures(hall.owner, 999); }) == ErrorCode::NotFound);
      CHECK(hall.events("video.watched") == hall.line(hall.guest, R"("watched_ms":5000)"));
      CHECK(hall.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.viewed'") == 3);
    }
  }
}

TEST_CASE("progress is merged, kept and told") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      CHECK(hall.engagement.progress(hall.guest, hall.video).watch.position_ms == 0);
      hall.play(hall.guest, "a");
      hall.clock.advance(10'000);
      hall.engagement.report(hall.guest, hall.video,
                             {.position_ms = 4'000, .watched = {{0, 4'000}}});
      hall.clock.advance(10'000);
      hall.engagement.report(
          hall.guest, hall.video,
          {.position_ms = 30'000, .watched = {{3'000, 5'000}, {28'000, 30'000}}});
      const Progress progress = hall.engagement.progress(hall.guest, hall.video);
      CHECK(progress.watch.seen == Intervals{{0, 5'000}, {28'000, 30'000}});
      CHECK(progress.watch.watched_ms == 7'000);
      CHECK(progress.watch.position_ms == 30'000);
      CHECK(progress.duration_ms == 60'000);
      CHECK(hall.engagement.progress(hall.owner, hall.video).watch.watched_ms == 0);
    }
  }
}

TEST_CASE("a purged video takes reactions and progress with it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      hall.play(hall.guest, "a");
      hall.engagement.react(hall.guest, hall.video, Reaction::Like);
      hall.engagement.report(hall.guest, hall.video, {});
      hall.run("UPDATE videos SET deleted_at = 1, purge_started_at = 1");
      hall.database->transact(
          [&](db::Session& session) { catalog::dropVideoRows(session, hall.video); });
      CHECK(hall.count("SELECT COUNT(*) FROM videos") == 0);
      CHECK(hall.count("SELECT COUNT(*) FROM reactions") == 0);
      CHECK(hall.count("SELECT COUNT(*) FROM watch") == 0);
    }
  }
}

TEST_CASE("of reactions at once exactly one is left for each user, and the events add up to it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      std::vector<std::thread> threads;
      threads.reserve(8);
      for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&hall, i] {
          hall.engagement.react(hall.guest, hall.video,
                                i % 2 == 0 ? Reaction::Like : Reaction::Dislike);
          if (i == 5) {
            hall.engagement.withdraw(hall.guest, hall.video);
          }
        });
      }
      for (auto& thread : threads) {
        thread.join();
      }
      const auto counts = hall.engagement.standing(hall.guest, hall.video).counts;
      CHECK(counts.likes + counts.dislikes == hall.count("SELECT COUNT(*) FROM reactions"));
      const auto told = [&](const std::string& member, const std::string& reaction) {
        std::string sql =
            "SELECT COUNT(*) FROM outbox WHERE type = 'video.reacted' AND json LIKE '%";
        sql.append("\"").append(member).append("\":\"").append(reaction).append("\"%'");
        return hall.count(sql);
      };
      CHECK(told("to", "LIKE") - told("from", "LIKE") == counts.likes);
      CHECK(told("to", "DISLIKE") - told("from", "DISLIKE") == counts.dislikes);
    }
  }
}
