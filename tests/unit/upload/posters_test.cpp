// An owner's own poster: who may, what is stored, and that nothing is left of what is refused.
#include "upload/posters.h"

#include "catalog/catalog.h"
#include "catalog/video_repository.h"
#include "fakes/fake_storage.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::test;
using users::Role;

namespace {

/// Takes every picture for one, but for "bad"; hands on what it got.
class FakeMaker final : public catalog::PosterMaker {
 public:
  void make(int image_fd, const Take& take) override {
    char first = 0;
    if (::pread(image_fd, &first, 1, 0) == 1 && first == 'b') {
      throw Error({Violation{"", "this is no picture"}});
    }
    CHECK(::pwrite(image_fd, "x", 1, 0) == -1);
    take(image_fd, 3);
  }
};

struct Wall : Site {
  explicit Wall(db::Dialect dialect) : Site(dialect) {
    catalog::VideoDraft draft;
    draft.title = "film";
    id = database->transact([&](db::Session& session) {
      return catalog::insertVideo(session, owner.user_id, draft, 1);
    });
  }
  catalog::Video hang(const std::string& bytes) {
    const auto upload = posters.begin(owner, id, bytes.size());
    upload->write(bytes);
    return upload->finish();
  }

  FakeStorage storage;
  FakeMaker maker;
  upload::Posters posters{{.database = *database,
                           .clock = clock,
                           .log = sandbox.log,
                           .storage = storage,
                           .maker = maker,
                           .spool_folder = sandbox.folder()}};
  users::Viewer owner = viewer("owner@example.org", Role::Creator);
  users::Viewer other = viewer("other@example.org", Role::Creator);
  catalog::VideoId id = 0;
};

}  // namespace

TEST_CASE("a poster replaces the one before it, and goes when it is taken away") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Wall wall(dialect);
      const auto first = wall.hang("one");
      CHECK(first.own_poster);
      REQUIRE(wall.storage.objects.size() == 1);
      CHECK(wall.storage.objects.begin()->first == first.poster_key);
      const auto second = wall.hang("two");
      CHECK(second.poster_key != first.poster_key);
      REQUIRE(wall.storage.objects.size() == 1);
      CHECK(wall.storage.objects.begin()->second == "two");
      CHECK_FALSE(wall.posters.remove(wall.owner, wall.id).poster_key);
      CHECK(wall.storage.objects.empty());
      CHECK(wall.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.updated'") == 3);
    }
  }
}

TEST_CASE("what is refused leaves nothing and changes nothing") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Wall wall(dialect);
      const auto good = wall.hang("one");
      CHECK(codeOf([&] { wall.hang("bad"); }) == ErrorCode::Invalid);
      CHECK(codeOf([&] { wall.posters.begin(wall.other, wall.id, 3); }) == ErrorCode::NotFound);
      CHECK(codeOf([&] { wall.posters.remove(wall.other, wall.id); }) == ErrorCode::NotFound);
      CHECK(reasonOf([&] {
              wall.posters.begin(wall.owner, wall.id, upload::Posters::MaxBytes + 1);
            }) == "too-large");
      const auto upload = wall.posters.begin(wall.owner, wall.id, std::nullopt);
      const std::string piece(upload::Posters::MaxBytes, 'x');
      upload->write(piece);
      CHECK(reasonOf([&] { upload->write(std::string_view("x")); }) == "too-large");
      wall.storage.full = true;
      CHECK(reasonOf([&] { wall.hang("two"); }) == "storage-full");
      CHECK(wall.storage.objects.size() == 1);
      CHECK(wall.storage.objects.contains(*good.poster_key));
      wall.run("UPDATE videos SET state = 'READY'");
      CHECK(codeOf([&] { wall.posters.begin(wall.other, wall.id, 3); }) == ErrorCode::Denied);
    }
  }
}

TEST_CASE("a poster for a video that was deleted meanwhile is not kept") {
  Wall wall(db::Dialect::Sqlite);
  const auto upload = wall.posters.begin(wall.owner, wall.id, 3);
  upload->write(std::string_view("one"));
  wall.database->transact(
      [&](db::Session& session) { catalog::softDeleteVideo(session, wall.id, 1); });
  CHECK(codeOf([&] { upload->finish(); }) == ErrorCode::NotFound);
  CHECK(wall.storage.objects.empty());
}
