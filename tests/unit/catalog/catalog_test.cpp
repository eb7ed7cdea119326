// The catalogue over a real database: who sees and changes which videos.
#include "catalog/catalog.h"

#include "catalog/source.h"
#include "catalog/video_repository.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::catalog;
using namespace reeld::test;
using users::Role;

namespace {

class FakeCompletion final : public Completion {
 public:
  std::variant<Finished, std::string> verify(const Video&) override { return answer; }
  std::variant<Finished, std::string> answer = std::string("segments are missing");
};

struct Shop : Site {
  explicit Shop(db::Dialect dialect) : Site(dialect) {}
  FakeCompletion completion;
  Catalog catalog{*database, clock, completion};
  users::Viewer admin = viewer("admin@example.org", Role::Admin);
  users::Viewer owner = viewer("owner@example.org", Role::Creator);
  users::Viewer other = viewer("other@example.org", Role::Creator);
  users::Viewer guest = viewer("guest@example.org", Role::Viewer);

  VideoId add(const std::string& title) {
    VideoDraft draft;
    draft.title = title;
    return catalog.create(owner, draft).id;
  }
  /// An encoding to point at; -1 as its source's facts do not matter here.
  std::int64_t addEncoding(VideoId video, const char* state) {
    return database->transact([&](db::Session& session) {
      const auto source = insertSource(session, {.id = 0,
                                                 .video_id = video,
                                                 .storage_key = randomToken(8),
                                                 .file_name = {},
                                                 .size_bytes = 1,
                                                 .sha256 = {},
                                                 .facts = std::nullopt,
                                                 .created_at = 1});
      return session
          .queryText(
              "INSERT INTO encodings (video_id, source_id, state, settings_hash, plan, created_at) "
              "VALUES ($1, $2, $3, '', '{}', 1) RETURNING id",
              {video, source, std::string(state)})
          .at(0)
          .integer(0);
    });
  }
  VideoId addReady(const std::string& title) {
    const auto id = add(title);
    const auto encoding = addEncoding(id, "ready");
    database->transact([&](db::Session& session) {
      REQUIRE(startProcessing(session, id, clock.now()));
      REQUIRE(markReady(session, id,
                        {.encoding_id = encoding, .duration_ms = 60'000, .damaged = false},
                        clock.now()));
    });
    return id;
  }
  std::string titles(const users::Viewer& viewer) {
    std::string all;
    for (const auto& video : catalog.list(viewer, {}, 0, 50).videos) {
      all += video.title + " ";
    }
    return all;
  }
  template <class Body>
  auto write(Body body) {
    return database->transact(body);
  }
};

}  // namespace

TEST_CASE("a created video is UPLOADED and is what was asked for") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    VideoDraft draft;
    draft.title = "Tears of Steel & <more>";
    draft.description = "It's \"free\"";
    draft.is_paid = true;
    draft.price_minor = 999;
    const auto video = shop.catalog.create(shop.owner, draft);
    CHECK(video.state == VideoState::Uploaded);
    CHECK(video.title == draft.title);
    CHECK(video.description == draft.description);
    CHECK(video.category == "miscellaneous");
    CHECK(video.price_minor == 999);
    CHECK(video.creator_id == shop.owner.user_id);
    CHECK(video.created_at == shop.clock.now());
    CHECK_FALSE(video.playable());
    CHECK(shop.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.created'") == 1);
    CHECK(codeOf([&] { shop.catalog.create(shop.guest, draft); }) == ErrorCode::Denied);
  }
}

TEST_CASE("lists show each role what it may see, newest first") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    shop.addReady("ready");
    shop.add("raw");
    const auto gone = shop.addReady("gone");
    shop.catalog.remove(shop.owner, gone);
    CHECK(shop.titles(shop.admin) == "raw ready ");
    CHECK(shop.titles(shop.owner) == "raw ready ");
    CHECK(shop.titles(shop.other) == "ready ");
    CHECK(shop.titles(shop.guest) == "ready ");
    const auto page = shop.catalog.list(shop.owner, {}, 1, 1);
    CHECK(page.total == 2);
    REQUIRE(page.videos.size() == 1);
    CHECK(page.videos[0].title == "ready");
    auto demoted = shop.owner;
    demoted.role = Role::Viewer;
    CHECK(shop.titles(demoted) == "ready ");
  }
}

TEST_CASE("what a viewer may not see is not found, what he may not change is denied") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    const auto raw = shop.add("raw");
    const auto ready = shop.addReady("ready");
    VideoChange change;
    change.title = "mine now";
    CHECK(codeOf([&] { shop.catalog.get(shop.other, raw); }) == ErrorCode::NotFound);
    CHECK(codeOf([&] { shop.catalog.update(shop.other, raw, change); }) == ErrorCode::NotFound);
    CHECK(codeOf([&] { shop.catalog.remove(shop.other, raw); }) == ErrorCode::NotFound);
    CHECK(codeOf([&] { shop.catalog.update(shop.other, ready, change); }) == ErrorCode::Denied);
    CHECK(codeOf([&] { shop.catalog.remove(shop.guest, ready); }) == ErrorCode::Denied);
    CHECK(codeOf([&] { shop.catalog.get(shop.admin, 12'345); }) == ErrorCode::NotFound);
    CHECK(shop.catalog.update(shop.admin, ready, change).title == "mine now");
    auto demoted = shop.owner;
    demoted.role = Role::Viewer;
    CHECK(shop.catalog.update(demoted, raw, change).title == "mine now");
  }
}

TEST_CASE("an update keeps the rules of a draft") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    const auto id = shop.add("film");
    VideoChange change;
    change.is_paid = true;
    CHECK(codeOf([&] { shop.catalog.update(shop.owner, id, change); }) == ErrorCode::Invalid);
    change.sets_price = true;
    change.price_minor = 500;
    CHECK(shop.catalog.update(shop.owner, id, change).price_minor == 500);
    VideoChange free;
    free.is_paid = false;
    CHECK_FALSE(shop.catalog.update(shop.owner, id, free).price_minor);
  }
}

TEST_CASE("a deleted video is gone for everybody, its grants end, and it can be restored") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    const auto id = shop.addReady("film");
    shop.catalog.remove(shop.owner, id);
    CHECK(codeOf([&] { shop.catalog.get(shop.admin, id); }) == ErrorCode::NotFound);
    CHECK(codeOf([&] { shop.catalog.remove(shop.owner, id); }) == ErrorCode::NotFound);
    CHECK(shop.count("SELECT COUNT(*) FROM revocations WHERE video_id = " + std::to_string(id)) ==
          1);
    CHECK(codeOf([&] { shop.catalog.restore(shop.owner, id); }) == ErrorCode::Denied);
    CHECK(codeOf([&] { shop.catalog.restore(shop.admin, 999); }) == ErrorCode::NotFound);
    shop.catalog.restore(shop.admin, id);
    shop.catalog.restore(shop.admin, id);
    CHECK(shop.catalog.get(shop.guest, id).state == VideoState::Ready);
    CHECK(shop.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.restored'") == 1);
  }
}

TEST_CASE("an administrator may push PROCESSING to READY only when it is verified") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    const auto id = shop.add("film");
    const auto push = [&](VideoState to) {
      return reasonOf([&] { shop.catalog.forceState(shop.admin, id, to); });
    };
    CHECK(push(VideoState::Ready) == "invalid-transition");
    CHECK(push(VideoState::Processing) == "invalid-transition");
    const auto encoding = shop.addEncoding(id, "growing");
    shop.write([&](db::Session& session) { return startProcessing(session, id, 1); });
    CHECK(push(VideoState::Ready) == "invalid-transition");
    shop.completion.answer =
        Finished{.encoding_id = encoding, .duration_ms = 1000, .damaged = true};
    CHECK(codeOf([&] { shop.catalog.forceState(shop.owner, id, VideoState::Ready); }) ==
          ErrorCode::Denied);
    const auto ready = shop.catalog.forceState(shop.admin, id, VideoState::Ready);
    CHECK(ready.state == VideoState::Ready);
    CHECK(ready.damaged);
    CHECK(ready.current_encoding == encoding);
    CHECK(push(VideoState::Processing) == "invalid-transition");
    CHECK(push(VideoState::Ready) == "invalid-transition");
  }
}

TEST_CASE(
    "a failure stops an unfinished encoding and revokes its grants, a finished one plays on") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Shop shop(dialect);
    const Failure failure{.stage = "encode", .cause = "exit 1", .hint = "the file is broken"};
    for (const char* state : {"growing", "ready"}) {
      const bool finished = std::string_view(state) == "ready";
      const auto id = shop.add("film");
      const auto encoding = shop.addEncoding(id, state);
      shop.write([&](db::Session& session) {
        CHECK_FALSE(publishEncoding(session, id, encoding, 5000, 1));
        CHECK_FALSE(markFailed(session, id, failure, 1));
        CHECK(startProcessing(session, id, 1));
        CHECK(publishEncoding(session, id, encoding, 5000, 2));
        CHECK(markFailed(session, id, failure, shop.clock.now()));
        CHECK_FALSE(markFailed(session, id, failure, shop.clock.now()));
        return 0;
      });
      const auto video = shop.catalog.get(shop.owner, id);
      CHECK(video.state == VideoState::Failed);
      CHECK(video.failure->hint == "the file is broken");
      CHECK(video.playable() == finished);
      CHECK(shop.count("SELECT COUNT(*) FROM revocations WHERE video_id = " + std::to_string(id)) ==
            (finished ? 0 : 1));
      shop.write([&](db::Session& session) { return startProcessing(session, id, 3); });
      CHECK_FALSE(shop.catalog.get(shop.owner, id).failure);
    }
    CHECK(shop.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.failed'") == 2);
  }
}

TEST_CASE("the newest source of a video is the one that counts") {
  Shop shop(db::Dialect::Sqlite);
  const auto id = shop.add("film");
  shop.addEncoding(id, "growing");
  shop.addEncoding(id, "growing");
  const auto source =
      shop.database->read([&](db::Session& session) { return newestSource(session, id); });
  REQUIRE(source);
  CHECK(source->id == 2);
  shop.write([&](db::Session& session) {
    setSourceFacts(session, source->id, "{}");
    return 0;
  });
  CHECK(shop.database->read([&](db::Session& session) { return findSource(session, source->id); })
            ->facts == "{}");
  CHECK_FALSE(shop.database->read([&](db::Session& session) { return newestSource(session, 99); }));
}
