// A source replaced, a video made anew, a video purged: what plays meanwhile, and what is left.
#include "processing/clearance.h"

#include "catalog/source.h"
#include "catalog/video_purge.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

struct Replacing : Studio {
  explicit Replacing(db::Dialect dialect, std::optional<std::chrono::milliseconds> purge_after = {})
      : Studio(dialect), clearance(*database, storage, system_clock, sandbox.log, purge_after) {}

  /// Another file for the video, as an upload leaves it.
  void replace(catalog::VideoId id, const std::string& content) {
    database->transact([&](db::Session& session) {
      catalog::Source source;
      source.video_id = id;
      source.storage_key = "videos/" + std::to_string(id) + "/sources/" + randomToken(4);
      source.sha256 = "00";
      source.size_bytes = static_cast<std::int64_t>(content.size());
      storage.put(source.storage_key, content);
      const auto added = catalog::insertSource(session, source);
      REQUIRE(catalog::startReprocessing(session, id, session.now()));
      queue.enqueue(session, id, added);
    });
  }
  std::int64_t keysBelow(const std::string& prefix) {
    const auto keys = storage.keys();
    return std::count_if(keys.begin(), keys.end(),
                         [&](const auto& key) { return key.starts_with(prefix); });
  }
  /// As if the last grant for it had ended.
  void letGrantsEnd() { run("UPDATE encodings SET retired_at = 1 WHERE state = 'retired'"); }

  Clearance clearance;
};

std::string prefix(catalog::VideoId id) { return "videos/" + std::to_string(id) + "/"; }

}  // namespace

TEST_CASE(
    "a replaced file is played once it is ready; the old one goes when no grant can be alive") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Replacing studio(dialect);
      const auto id = studio.upload("video");
      studio.runOne();
      const auto before = studio.video(id);
      studio.replace(id, "video");
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(studio.video(id).reprocessing);
      CHECK(studio.video(id).current_encoding == before.current_encoding);
      studio.runOne();
      const auto after = studio.video(id);
      CHECK(after.state == catalog::VideoState::Ready);
      CHECK_FALSE(after.reprocessing);
      CHECK(after.current_encoding != before.current_encoding);
      const std::string old =
          prefix(id) + "encodings/" + std::to_string(*before.current_encoding) + "/";
      CHECK(studio.keysBelow(old) > 0);
      studio.clearance.run();
      CHECK(studio.keysBelow(old) > 0);
      CHECK(studio.keysBelow(prefix(id) + "sources/") == 2);
      CHECK(studio.keysBelow(prefix(id) + "posters/") == 1);
      studio.letGrantsEnd();
      studio.clearance.run();
      CHECK(studio.keysBelow(old) == 0);
      CHECK(studio.keysBelow(prefix(id) + "sources/") == 1);
      CHECK(studio.count("SELECT COUNT(*) FROM encodings") == 1);
      CHECK(studio.count("SELECT COUNT(*) FROM sources") == 1);
      CHECK(studio.count("SELECT COUNT(*) FROM segments") == std::ssize(studio.encodedKeys()));
      CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.ready'") == 2);
    }
  }
}

TEST_CASE("a replacement that cannot be used changes nothing for viewers, and is forgotten") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Replacing studio(dialect);
      const auto id = studio.upload("video");
      studio.runOne();
      const auto before = studio.video(id);
      studio.replace(id, "text");
      studio.runOne();
      const auto after = studio.video(id);
      CHECK(after.state == catalog::VideoState::Ready);
      CHECK_FALSE(after.reprocessing);
      CHECK(after.current_encoding == before.current_encoding);
      REQUIRE(after.failure);
      CHECK_FALSE(after.failure->hint.empty());
      CHECK(studio.count("SELECT COUNT(*) FROM sources") == 1);
      CHECK(studio.keysBelow(prefix(id) + "sources/") == 1);
      CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.reprocess_failed'") == 1);
      CHECK(studio.count("SELECT COUNT(*) FROM revocations") == 0);
      // What played before can be made anew, and the reason is forgotten then.
      studio.database->transact([&](db::Session& session) { studio.queue.reprocess(session, id); });
      CHECK_FALSE(studio.video(id).failure);
      studio.runOne();
      CHECK(studio.video(id).current_encoding != before.current_encoding);
    }
  }
}

TEST_CASE("only a READY video is made anew, and once at a time") {
  Replacing studio(db::Dialect::Sqlite);
  const auto id = studio.upload("video");
  const auto reprocess = [&] {
    return reasonOf([&] {
      studio.database->transact([&](db::Session& session) { studio.queue.reprocess(session, id); });
    });
  };
  CHECK(reprocess() == "video-not-ready");
  studio.runOne();
  CHECK(reprocess().empty());
  CHECK(reprocess() == "video-processing");
}

TEST_CASE("a purge leaves nothing of the video, and everything of its neighbours") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Replacing studio(dialect, std::chrono::hours(24));
      std::vector<catalog::VideoId> ids;
      for (int i = 0; i < 12; ++i) {  // 1 and 10 to 12 begin alike
        ids.push_back(studio.upload("video"));
        studio.runOne();
      }
      const auto id = ids.front();
      const auto others = [&] {
        return std::ssize(studio.storage.keys()) - studio.keysBelow(prefix(id));
      };
      const auto before = others();
      studio.run("INSERT INTO views (video_id, user_id, token_id, created_at) VALUES (" +
                 std::to_string(id) + ", 1, 't', 1)");
      const EpochMs now = studio.system_clock.now();
      studio.database->transact([&](db::Session& session) {
        catalog::softDeleteVideo(session, id, now - 1000);
        catalog::softDeleteVideo(session, ids[1], now - 1000);
      });
      studio.clearance.run();
      CHECK(studio.keysBelow(prefix(id)) > 0);
      studio.run("UPDATE videos SET deleted_at = " + std::to_string(now - 25 * 3'600'000) +
                 " WHERE id = " + std::to_string(id));
      studio.clearance.run();
      CHECK(studio.keysBelow(prefix(id)) == 0);
      CHECK(others() == before);
      for (const char* table : {"videos", "sources", "encodings", "jobs", "video_terms"}) {
        INFO(table);
        const std::string column = std::string(table) == "videos" ? "id" : "video_id";
        CHECK(studio.count("SELECT COUNT(*) FROM " + std::string(table) + " WHERE " + column +
                           " = " + std::to_string(id)) == 0);
        CHECK(studio.count("SELECT COUNT(*) FROM " + std::string(table)) >= 11);
      }
      CHECK(studio.count("SELECT COUNT(*) FROM views") == 0);
      CHECK(studio.count("SELECT COUNT(*) FROM segments") ==
            studio.count("SELECT COUNT(*) FROM segments s JOIN renditions r ON r.id = "
                         "s.rendition_id JOIN encodings e ON e.id = r.encoding_id JOIN videos v "
                         "ON v.id = e.video_id"));
      CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.purged'") == 1);
      // The other deleted one is within its time and comes back.
      CHECK(studio.database->transact(
          [&](db::Session& session) { return catalog::restoreVideo(session, ids[1], now); }));
    }
  }
}

TEST_CASE("a purge that was begun is carried through, and cannot be undone") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Replacing studio(dialect);  // without a window: only what was begun
      const auto id = studio.upload("video");
      studio.runOne();
      const EpochMs now = studio.system_clock.now();
      studio.database->transact([&](db::Session& session) {
        catalog::softDeleteVideo(session, id, now);
        REQUIRE(catalog::markPurging(session, id, now));
        CHECK_FALSE(catalog::restoreVideo(session, id, now));
      });
      studio.storage.remove(studio.encodedKeys().front());  // and there the daemon died
      studio.clearance.run();
      CHECK(studio.storage.keys().empty());
      CHECK(studio.count("SELECT COUNT(*) FROM videos") == 0);
    }
  }
}

TEST_CASE("a video that is worked on is purged once its task has stopped") {
  Replacing studio(db::Dialect::Sqlite);
  const auto id = studio.upload("video");
  const auto job = *studio.database->transact(
      [&](db::Session& session) { return claimJob(session, {std::string(EncodeKind)}, "there"); });
  Purge purge(*studio.database, studio.storage, studio.sandbox.log);
  CHECK(codeOf([&] { purge.run(id, 1); }) == ErrorCode::Conflict);
  studio.database->transact(
      [&](db::Session& session) { catalog::softDeleteVideo(session, id, 1); });
  CHECK_FALSE(purge.run(id, 1));
  CHECK(studio.newestJob(id).cancel_asked);
  studio.database->transact([&](db::Session& session) {
    CHECK(endCancelledJob(session, {job.id, job.lease_token}));
  });
  CHECK(purge.run(id, 1));
  CHECK(codeOf([&] { purge.run(id, 1); }) == ErrorCode::NotFound);
}

TEST_CASE("every table that hangs below a video is known to the purge") {
  Replacing studio(db::Dialect::Sqlite);
  const auto tables = studio.database->transact([](db::Session& session) {
    std::string all;
    for (const auto& row : session.queryText(
             "SELECT DISTINCT t.name FROM sqlite_master t, pragma_foreign_key_list(t.name) f "
             "WHERE t.type = 'table' AND f.\"table\" = 'videos' ORDER BY 1",
             {})) {
      all += row.text(0) + " ";
    }
    return all;
  });
  CHECK(tables == "encodings jobs reactions sources uploads video_terms views watch ");
}
