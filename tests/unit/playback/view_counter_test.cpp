// Views while writing fails: nobody is kept from playing, and each is counted once when it works
// again.
#include "playback/view_counter.h"

#include "catalog/video_repository.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;

namespace {

struct Hall : Site {
  explicit Hall(db::Dialect dialect)
      : Site(dialect), guest(add("guest@example.org", users::Role::Creator)) {
    catalog::VideoDraft draft;
    draft.title = "film";
    video = database->transact([&](db::Session& session) {
      return catalog::insertVideo(session, guest, draft, clock.now());
    });
  }
  View view(const std::string& token) const { return {video, guest, token, clock.now()}; }
  /// From now on every new view is refused as if the disk were full.
  void fill() {
    script(sandbox.dialect() == db::Dialect::Sqlite
               ? "CREATE TRIGGER full BEFORE INSERT ON views BEGIN SELECT RAISE(ABORT, 'full'); END"
               : "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                 "RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$; "
                 "CREATE TRIGGER full_disk BEFORE INSERT ON views FOR EACH ROW "
                 "EXECUTE FUNCTION full_disk()");
  }
  void clear() {
    script(sandbox.dialect() == db::Dialect::Sqlite
               ? "DROP TRIGGER full"
               : "DROP TRIGGER full_disk ON views; DROP FUNCTION full_disk");
  }
  std::int64_t counted() { return count("SELECT COUNT(*) FROM views"); }
  double metric(const std::string& name) {
    const std::string text = sandbox.metrics.text();
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }

  users::UserId guest;
  catalog::VideoId video = 0;
  ViewCounter views{*database, sandbox.log, sandbox.metrics};

 private:
  void script(const std::string& sql) {
    database->transact([&](db::Session& session) { session.script(sql); });
  }
};

}  // namespace

TEST_CASE("a view that cannot be written waits, and is counted once with the time it was played") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      hall.views.count(hall.view("before"));
      hall.fill();
      const EpochMs played = hall.clock.now();
      hall.views.count(hall.view("before"));
      hall.views.count(hall.view("a"));
      hall.views.count(hall.view("a"));
      hall.views.count(hall.view("b"));
      CHECK(hall.counted() == 1);
      CHECK(hall.metric("reeld_playback_views_waiting") == 3);
      CHECK(codeOf([&] { hall.views.flush(); }) != ErrorCode::Ok);

      hall.clear();
      hall.clock.advance(60'000);
      hall.views.count(hall.view("c"));  // stands in line
      CHECK(hall.counted() == 1);
      hall.views.flush();
      CHECK(hall.counted() == 4);
      CHECK(hall.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.viewed'") == 4);
      CHECK(hall.count("SELECT created_at FROM views WHERE token_id = 'a'") == played);
      CHECK(hall.metric("reeld_playback_views_waiting") == 0);
      CHECK(hall.metric("reeld_playback_views_lost_total") == 0);
      hall.views.count(hall.view("d"));  // at once again
      CHECK(hall.counted() == 5);
    }
  }
}

TEST_CASE("what waits is written by itself, and at the latest at the end") {
  Hall hall(db::Dialect::Sqlite);
  hall.fill();
  hall.views.count(hall.view("a"));
  hall.views.start();
  hall.clear();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (hall.counted() == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(hall.counted() == 1);

  ViewCounter brief(*hall.database, hall.sandbox.log, hall.sandbox.metrics);
  hall.fill();
  brief.count(hall.view("b"));
  hall.clear();
  brief.stop();
  CHECK(hall.counted() == 2);
}

TEST_CASE("views wait in bounded memory") {
  Hall hall(db::Dialect::Sqlite);
  hall.fill();
  for (std::size_t i = 0; i < ViewCounter::MostWaiting + 5; ++i) {
    hall.views.count(hall.view(std::to_string(i)));
  }
  CHECK(hall.metric("reeld_playback_views_waiting") == ViewCounter::MostWaiting);
  CHECK(hall.metric("reeld_playback_views_lost_total") == 5);
  hall.clear();
  hall.views.flush();
  CHECK(hall.counted() == ViewCounter::MostWaiting);
}

TEST_CASE("a view that can never be written holds up no other") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Hall hall(dialect);
      View foreign = hall.view("of no video");
      foreign.video = 999;
      hall.views.count(foreign);
      CHECK(hall.metric("reeld_playback_views_lost_total") == 1);
      hall.fill();
      hall.views.count(hall.view("a"));
      hall.views.count(foreign);
      hall.views.count(hall.view("z"));
      hall.clear();
      hall.views.flush();
      CHECK(hall.counted() == 2);
      CHECK(hall.metric("reeld_playback_views_lost_total") == 2);
      CHECK(hall.metric("reeld_playback_views_waiting") == 0);
    }
  }
}
