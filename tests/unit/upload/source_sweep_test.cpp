// Stored sources that no row names are removed once they are old; nothing else is.
#include "upload/source_sweep.h"

#include "catalog/source.h"
#include "catalog/video_repository.h"
#include "fakes/fake_storage.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::test;
using upload::SourceSweep;

namespace {

struct Attic : Site {
  explicit Attic(db::Dialect dialect)
      : Site(dialect), owner(add("owner@example.org", users::Role::Creator)) {}

  catalog::VideoId video() {
    catalog::VideoDraft draft;
    draft.title = "film";
    return database->transact([&](db::Session& session) {
      return catalog::insertVideo(session, owner, draft, clock.now());
    });
  }
  void put(const std::string& key, std::int64_t age_ms) {
    storage.objects[key] = "bytes";
    storage.modified[key] = clock.now() - age_ms;
  }
  void name(catalog::VideoId id, const std::string& key) {
    catalog::Source source;
    source.video_id = id;
    source.storage_key = key;
    source.created_at = clock.now();
    database->transact([&](db::Session& session) { catalog::insertSource(session, source); });
  }

  users::UserId owner;
  FakeStorage storage;
  SourceSweep sweep{*database, storage, clock, sandbox.log};
};

constexpr std::int64_t Old = SourceSweep::SafeAgeMs + 1000;

}  // namespace

TEST_CASE("an old source without a row is removed; young, named and other objects stay") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Attic attic(dialect);
      attic.video();
      const auto id = attic.video();
      const std::string base = "videos/" + std::to_string(id) + "/";
      attic.put("videos/1/sources/lost", Old);
      attic.put(base + "sources/kept", Old);
      attic.put(base + "sources/lost", Old);
      attic.put(base + "sources/coming", SourceSweep::SafeAgeMs - 1000);
      attic.put(base + "encodings/1/lease/480p/segment_000.ts", Old);
      attic.put(base + "posters/p.jpg", Old);
      attic.name(id, base + "sources/kept");
      CHECK(attic.sweep.run() == 2);
      CHECK(attic.storage.objects.size() == 4);
      CHECK_FALSE(attic.storage.stat(base + "sources/lost"));
      CHECK_FALSE(attic.storage.stat("videos/1/sources/lost"));
      CHECK(attic.sweep.run() == 0);
    }
  }
}

TEST_CASE("every video is looked at, also a deleted one, however many there are") {
  Attic attic(db::Dialect::Sqlite);
  const auto first = attic.video();
  attic.run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) "
      "INSERT INTO videos (creator_id, title, state, created_at, updated_at, deleted_at) "
      "SELECT " +
      std::to_string(attic.owner) + ", 'x', 'UPLOADED', 1, 1, 1 FROM n");
  const auto last = attic.count("SELECT MAX(id) FROM videos");
  attic.put("videos/" + std::to_string(first) + "/sources/a", Old);
  attic.put("videos/" + std::to_string(last) + "/sources/b", Old);
  CHECK(attic.sweep.run() == 2);
}

TEST_CASE("it begins by itself and ends when told") {
  Attic attic(db::Dialect::Sqlite);
  const auto id = attic.video();
  attic.put("videos/" + std::to_string(id) + "/sources/lost", Old);
  attic.sweep.start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (attic.storage.removals == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  attic.sweep.stop();
  CHECK(attic.storage.objects.empty());
}
