// What is stored against what is named: nothing that is being written counts, and a scan that may
// delete touches nothing else.
#include "processing/storage_scan.h"

#include "catalog/video_poster.h"
#include "fakes/fake_storage.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

struct Depot : Studio {
  explicit Depot(db::Dialect dialect) : Studio(dialect) {
    id = upload("video");
    runOne();
    // The folder's objects, as old as the test wants them.
    for (const auto& key : Studio::storage.keys()) {
      put(key);
    }
  }
  void put(const std::string& key, bool is_young = false) {
    depot.objects[key] = "123";
    depot.modified[key] = is_young ? system_clock.now() : 1;
  }
  ScanReport scan(bool remove = false) {
    return StorageScan(*database, depot, system_clock).run(remove, [](const ScanReport&) {});
  }
  std::string base() const { return "videos/" + std::to_string(id) + "/"; }

  catalog::VideoId id = 0;
  FakeStorage depot;
};

}  // namespace

TEST_CASE("a site in order has neither orphans nor missing objects") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Depot depot(dialect);
      const auto report = depot.scan(true);
      CHECK(report.objects == std::ssize(depot.depot.objects));
      CHECK(report.objects > 2);
      CHECK(report.orphans == 0);
      CHECK(report.missing == 0);
      CHECK(depot.depot.removals == 0);
    }
  }
}

TEST_CASE("what no row names is an orphan, unless it may be under way") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Depot depot(dialect);
      const std::vector<std::string> orphans = {
          depot.base() + "encodings/99/lease/480p/segment_000.ts", depot.base() + "posters/old.jpg",
          depot.base() + "sources/cut", "videos/777/sources/gone"};
      for (const auto& key : orphans) {
        depot.put(key);
      }
      depot.put(depot.base() + "sources/young", true);
      depot.put("somebody/else");
      depot.put("videos/x/y");
      depot.put("health/0123");
      const auto job = depot.upload("video");
      const auto lease = depot.database
                             ->transact([&](db::Session& session) {
                               return claimJob(session, {std::string(EncodeKind)}, "there");
                             })
                             ->lease_token;
      const std::string under_way = "videos/" + std::to_string(job) + "/";
      depot.put(under_way + "sources/x");
      depot.put(under_way + "encodings/5/" + lease + "/480p/segment_000.ts");
      depot.put(under_way + "posters/" + lease + ".jpg");

      const auto before = depot.depot.objects.size();
      auto report = depot.scan();
      CHECK(report.orphan_keys == orphans);
      CHECK(report.orphan_bytes == 12);
      CHECK(report.removed == 0);
      CHECK(report.foreign_keys == std::vector<std::string>{"somebody/else", "videos/x/y"});
      CHECK(report.missing == 0);
      CHECK(depot.depot.objects.size() == before);
      report = depot.scan(true);
      CHECK(report.removed == 4);
      CHECK(depot.depot.objects.size() == before - 4);
      CHECK(depot.scan().orphans == 0);
    }
  }
}

TEST_CASE("rows whose objects are gone are told, of videos with and without others") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Depot depot(dialect);
      const auto segment = depot.encodedKeys().front();
      depot.depot.objects.erase(segment);
      const auto lost = depot.upload("video");
      const auto report = depot.scan(true);
      CHECK(report.missing_keys ==
            std::vector<std::string>{segment, "videos/" + std::to_string(lost) + "/sources/x"});
      depot.run("UPDATE videos SET purge_started_at = 1, deleted_at = 1");
      CHECK(depot.scan(true).missing == 0);
    }
  }
}

TEST_CASE("both pictures of a video are named, the one before them is not") {
  Depot depot(db::Dialect::Sqlite);
  std::optional<std::string> before;
  depot.database->transact([&](db::Session& session) {
    before = catalog::setMadePoster(session, depot.id, depot.base() + "posters/made.jpg", 1);
    catalog::setOwnPoster(session, depot.id, depot.base() + "posters/own.jpg", 1);
  });
  depot.put(depot.base() + "posters/made.jpg");
  depot.put(depot.base() + "posters/own.jpg");
  REQUIRE(before);
  CHECK(depot.scan().orphan_keys == std::vector<std::string>{*before});
}
