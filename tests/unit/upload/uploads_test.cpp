// Uploads over a real database and a real spool: what is reserved, what is stored, and that a cut
// one leaves nothing.
#include "upload/uploads.h"

#include "catalog/catalog.h"
#include "fakes/fake_storage.h"
#include "unit/users/site.h"
#include "upload/reservation.h"
#include "upload/upload.h"

using namespace reeld;
using namespace reeld::test;
using namespace reeld::upload;
using users::Role;

namespace {

class NeverComplete final : public catalog::Completion {
 public:
  std::variant<catalog::Finished, std::string> verify(const catalog::Video&) override {
    return std::string("no");
  }
};

struct Desk : Site {
  explicit Desk(db::Dialect dialect, std::uint64_t quota = 0, std::uint64_t most = 1 << 20)
      : Site(dialect),
        uploads(*database, clock, sandbox.log, storage, space,
                [this](db::Session& session, catalog::VideoId video, catalog::SourceId source) {
                  if (fail_enqueue) {
                    throw Error(ErrorCode::Unavailable, "no queue");
                  }
                  session.queryText(
                      "INSERT INTO jobs (kind, video_id, run_at, created_at, args) "
                      "VALUES ('ingest', $1, 1, 1, $2)",
                      {video, std::to_string(source)});
                },
                {.spool_folder = sandbox.folder(),
                 .node = "here",
                 .max_bytes = most,
                 .quota_bytes = quota}) {}

  catalog::VideoId add(const std::string& title = "film") {
    catalog::VideoDraft draft;
    draft.title = title;
    return catalog.create(owner, draft).id;
  }
  std::int64_t rows(const char* table) {
    return count("SELECT COUNT(*) FROM " + std::string(table));
  }

  std::uint64_t available = 1 << 30;
  bool fail_enqueue = false;
  FakeStorage storage;
  Space space{[this] { return Volume{.size = 1 << 30, .available = available}; }, {}};
  NeverComplete completion;
  catalog::Catalog catalog{*database, clock, completion};
  Uploads uploads;
  users::Viewer owner = viewer("owner@example.org", Role::Creator);
  users::Viewer other = viewer("other@example.org", Role::Creator);
};

const std::string Bytes = "the bytes of a film";

}  // namespace

TEST_CASE("a whole file becomes source, job and event, and its video is PROCESSING") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto id = desk.add();
    auto upload = desk.uploads.begin(desk.owner, id, Bytes.size());
    upload->write(std::string_view(Bytes).substr(0, 4));
    upload->write(std::string_view(Bytes).substr(4));
    const auto video = upload->finish("../holiday.mp4");
    CHECK(video.state == catalog::VideoState::Processing);
    const auto source = desk.database->read(
        [&](db::Session& session) { return catalog::newestSource(session, id); });
    REQUIRE(source);
    CHECK(source->file_name == "../holiday.mp4");
    CHECK(source->size_bytes == static_cast<std::int64_t>(Bytes.size()));
    CHECK(source->sha256 == toHex(sha256(Bytes)));
    CHECK(source->storage_key.find("holiday") == std::string::npos);
    CHECK(desk.storage.objects.at(source->storage_key) == Bytes);
    CHECK(desk.rows("jobs") == 1);
    CHECK(desk.rows("uploads") == 0);
    CHECK(desk.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.uploaded'") == 1);
  }
}

TEST_CASE("an upload that is cut stores nothing and frees its video for the next") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto id = desk.add();
    {
      auto cut = desk.uploads.begin(desk.owner, id, 100);
      cut->write(std::string_view(Bytes));
    }
    CHECK(desk.storage.objects.empty());
    CHECK(desk.rows("sources") == 0);
    CHECK(desk.catalog.get(desk.owner, id).state == catalog::VideoState::Uploaded);
    auto next = desk.uploads.begin(desk.owner, id, 100);
    CHECK(desk.rows("uploads") == 1);
  }
}

TEST_CASE("a video takes one upload at a time, and only where a source is wanted") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto id = desk.add();
    const auto reason = [&](const users::Viewer& viewer, catalog::VideoId video) {
      return reasonOf([&] { desk.uploads.begin(viewer, video, 10); });
    };
    auto first = desk.uploads.begin(desk.owner, id, Bytes.size());
    CHECK(reason(desk.owner, id) == "upload-under-way");
    first->write(std::string_view(Bytes));
    first->finish("");
    CHECK(reason(desk.owner, id) == "video-processing");
    desk.run("UPDATE videos SET state = 'READY'");
    CHECK(codeOf([&] { desk.uploads.begin(desk.other, id, 10); }) == ErrorCode::Denied);
    CHECK(reason(desk.owner, id).empty());
    desk.run("UPDATE videos SET reprocessing = 1");
    CHECK(reason(desk.owner, id) == "video-processing");
    desk.run("UPDATE videos SET state = 'FAILED'");
    CHECK(codeOf([&] { desk.uploads.begin(desk.other, id, 10); }) == ErrorCode::NotFound);
    CHECK(reason(desk.owner, id).empty());
    CHECK(codeOf([&] { desk.uploads.begin(desk.owner, 99, 10); }) == ErrorCode::NotFound);
  }
}

TEST_CASE("room, quota and size are refused before the first byte") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect, 1000, 5000);
    const auto id = desk.add();
    const auto reason = [&](std::optional<std::uint64_t> length) {
      return reasonOf([&] { desk.uploads.begin(desk.owner, id, length); });
    };
    CHECK(reason(5001) == "too-large");
    CHECK(reason(1001) == "quota-full");
    desk.available = 900;
    CHECK(reason(1000) == "storage-full");
    desk.available = 1 << 30;
    CHECK(reason(1000).empty());
  }
}

TEST_CASE("a quota counts stored sources and what other uploads have reserved") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect, 100);
    const auto first = desk.add();
    const auto second = desk.add();
    auto upload = desk.uploads.begin(desk.owner, first, 60);
    CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, second, 50); }) == "quota-full");
    upload->write(std::string(60, 'x'));
    upload->finish("");
    CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, second, 50); }) == "quota-full");
    CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, second, 40); }).empty());
    desk.catalog.remove(desk.owner, first);
    CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, second, 100); }).empty());
  }
}

TEST_CASE("a body of unknown length is cut off at the limit") {
  Desk desk(db::Dialect::Sqlite, 0, 1000);
  const auto id = desk.add();
  auto upload = desk.uploads.begin(desk.owner, id, std::nullopt);
  upload->write(std::string(1000, 'x'));
  CHECK(reasonOf([&] { upload->write(std::string_view("x")); }) == "too-large");
}

TEST_CASE("a body of unknown length reserves in steps, within the quota") {
  Desk desk(db::Dialect::Sqlite, ReservationStep + 10, 4 * ReservationStep);
  const auto id = desk.add();
  auto upload = desk.uploads.begin(desk.owner, id, std::nullopt);
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 16; ++i) {
    upload->write(piece);
  }
  CHECK(reasonOf([&] { upload->write(std::string_view("x")); }) == "quota-full");
}

TEST_CASE("an empty file is taken like any other: whoever looks into it says what is wrong") {
  Desk desk(db::Dialect::Sqlite);
  const auto id = desk.add();
  auto upload = desk.uploads.begin(desk.owner, id, 0);
  CHECK(upload->finish("empty.mp4").state == catalog::VideoState::Processing);
  CHECK(desk.storage.objects.size() == 1);
  CHECK(desk.rows("sources") == 1);
}

TEST_CASE("when the last step fails, nothing of the file is left") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto id = desk.add();
    desk.fail_enqueue = true;
    auto upload = desk.uploads.begin(desk.owner, id, Bytes.size());
    upload->write(std::string_view(Bytes));
    CHECK(codeOf([&] { upload->finish(""); }) == ErrorCode::Unavailable);
    CHECK(desk.storage.objects.empty());
    CHECK(desk.rows("sources") == 0);
    CHECK(desk.catalog.get(desk.owner, id).state == catalog::VideoState::Uploaded);
    desk.fail_enqueue = false;
    desk.storage.full = true;
    upload = nullptr;
    upload = desk.uploads.begin(desk.owner, id, Bytes.size());
    upload->write(std::string_view(Bytes));
    CHECK(reasonOf([&] { upload->finish(""); }) == "storage-full");
    CHECK(desk.rows("sources") == 0);
  }
}

TEST_CASE("a video that is deleted under its upload takes no file") {
  Desk desk(db::Dialect::Sqlite);
  const auto id = desk.add();
  auto upload = desk.uploads.begin(desk.owner, id, Bytes.size());
  upload->write(std::string_view(Bytes));
  desk.catalog.remove(desk.owner, id);
  CHECK(codeOf([&] { upload->finish(""); }) == ErrorCode::NotFound);
  CHECK(desk.storage.objects.empty());
}

TEST_CASE("a video may be made together with its file, and only together") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    catalog::VideoDraft draft;
    draft.title = "film";
    auto upload = desk.uploads.beginNew(desk.owner, std::nullopt);
    upload->write(std::string_view(Bytes));
    CHECK(desk.rows("videos") == 0);
    CHECK(upload->finishAs(draft, "a.mp4").state == catalog::VideoState::Processing);
    CHECK(desk.storage.objects.size() == 1);
    desk.storage.full = true;
    upload = desk.uploads.beginNew(desk.owner, std::nullopt);
    upload->write(std::string_view(Bytes));
    CHECK(reasonOf([&] { upload->finishAs(draft, "b.mp4"); }) == "storage-full");
    CHECK(desk.count("SELECT COUNT(*) FROM videos WHERE deleted_at IS NULL") == 1);
    draft.title = "";
    CHECK(codeOf([&] { upload->finishAs(draft, "c.mp4"); }) == ErrorCode::Invalid);
    auto guest = desk.viewer("guest@example.org", Role::Viewer);
    CHECK(codeOf([&] { desk.uploads.beginNew(guest, 10); }) == ErrorCode::Denied);
  }
}

TEST_CASE(
    "what a stopped daemon was receiving is forgotten at its next start, and others' after a "
    "while") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Desk desk(dialect);
    const auto id = desk.add();
    auto lost = desk.uploads.begin(desk.owner, id, Bytes.size());
    desk.run("UPDATE uploads SET node = 'elsewhere'");
    desk.uploads.sweepAtStart();
    CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, id, 10); }) == "upload-under-way");
    desk.clock.advance(ReservationLife);
    CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, id, 10); }).empty());
    desk.uploads.sweepAtStart();
    CHECK(desk.rows("uploads") == 0);
    CHECK(reasonOf([&] { lost->write(std::string_view("late")); }) == "upload-expired");
  }
}

TEST_CASE("a slow upload renews its reservation") {
  Desk desk(db::Dialect::Sqlite);
  const auto id = desk.add();
  auto upload = desk.uploads.begin(desk.owner, id, 100);
  for (int i = 0; i < 20; ++i) {
    desk.clock.advance(ReservationRenewal);
    upload->write(std::string_view("12345"));
  }
  CHECK(reasonOf([&] { desk.uploads.begin(desk.owner, id, 10); }) == "upload-under-way");
  CHECK(upload->finish("").state == catalog::VideoState::Processing);
}
