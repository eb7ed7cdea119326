// The video and job commands over a real database and a real spool.
#include "app/commands/videos.h"

#include "app/commands/jobs.h"
#include "catalog/video_progress.h"
#include "fakes/fake_storage.h"
#include "harness.h"
#include "unit/users/site.h"

#include <fcntl.h>

using namespace reeld;
using namespace reeld::test;
using app::commands::Call;

namespace {

struct Studio : Site {
  Studio() : Site(db::Dialect::Sqlite) { add("admin@example.org", users::Role::Admin); }
  ~Studio() {
    if (file >= 0) {
      ::close(file);
    }
  }
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  /// An open file of that content, as reeldctl would send it.
  int open(const std::string& content) {
    if (file >= 0) {
      ::close(file);
    }
    const std::string path = sandbox.folder() / "source";
    file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    return file;
  }
  void finish(bool well) {
    database->transact([&](db::Session& session) {
      if (well) {
        session.queryText("UPDATE videos SET state = 'READY', duration_ms = 5000", {});
      } else {
        catalog::markFailed(session, 1, {"probe", "no stream", "this file is no video"},
                            session.now());
      }
    });
  }

  int file = -1;
  FakeStorage storage;
  upload::Space space{[] { return upload::Volume{.size = 1 << 30, .available = 1 << 30}; }, {}};
  processing::EncodeQueue queue{[] {}, 5};
  upload::Uploads uploads{
      *database,
      clock,
      sandbox.log,
      storage,
      space,
      [this](db::Session& session, catalog::VideoId video, catalog::SourceId source) {
        queue.enqueue(session, video, source);
      },
      {.spool_folder = sandbox.folder(), .node = "here", .max_bytes = 1 << 26, .quota_bytes = 0}};
  /// Takes every file for a picture.
  struct : catalog::PosterMaker {
    void make(int image_fd, const Take& take) override { take(image_fd, 3); }
  } maker;
  upload::Posters posters{{.database = *database,
                           .clock = clock,
                           .log = sandbox.log,
                           .storage = storage,
                           .maker = maker,
                           .spool_folder = sandbox.folder()}};
  processing::VideoInspection inspection{*database, storage};
  /// Of whole videos alone, and none is here.
  struct : processing::Encoder {
    Json probe(int) override { return {}; }
    void run(const processing::Task&, const processing::TaskEvents&,
             const std::atomic<bool>&) override {}
  } encoder;
  processing::DecodeCheck decode_check{{.work_dir = sandbox.folder()}, storage, encoder};
  catalog::Catalog catalog{*database, clock, inspection};
  catalog::Rework rework{
      *database,
      {[this](db::Session& session, catalog::VideoId video) { queue.requeue(session, video); },
       [this](db::Session& session, catalog::VideoId video) { queue.reprocess(session, video); }}};
  processing::Purge purge{*database, storage, sandbox.log};
  app::control::Commands videos =
      app::commands::videoCommands({*database, directory, uploads, posters, inspection,
                                    decode_check, catalog, rework, purge, clock});
  app::control::Commands jobs = app::commands::jobCommands(*database, queue);
};

}  // namespace

TEST_CASE("a file becomes a video of the first administrator, PROCESSING, with a job") {
  Studio studio;
  studio.add("later@example.org", users::Role::Admin);
  const std::string content(40 << 20, 'x');
  Call call(studio.videos, "video add", R"({"title":"film","file_name":"film.mp4"})",
            studio.open(content));
  const Json video = call.result();
  CHECK(video.find("state")->text() == "PROCESSING");
  CHECK(video.find("creator_id")->integer() == 1);
  CHECK(call.steps == std::vector<std::string>{R"({"bytes":16777216,"of":41943040})",
                                               R"({"bytes":33554432,"of":41943040})"});
  REQUIRE(studio.storage.objects.size() == 1);
  CHECK(studio.storage.objects.begin()->second == content);
  CHECK(Call(studio.jobs, "job list", "{}")
            .result()
            .find("jobs")
            ->array()
            .at(0)
            .find("video_id")
            ->integer() == video.find("id")->integer());
  CHECK(Call(studio.videos, "video list", "{}").result().find("total")->integer() == 1);
  CHECK(app::commands::jobCounts(*studio.database).dump() == R"({"available":1})");
  CHECK_THAT(Call(studio.videos, "video why", R"({"id":1})").result().dump(),
             ContainsSubstring("job 1 is available"));
  for (const char* args : {R"({"id":1})", R"({"id":1,"full":true})"}) {
    const Json verified = Call(studio.videos, "video verify", args).result();
    CHECK_FALSE(verified.find("ok")->boolean());
    CHECK_FALSE(verified.find("decoded")->boolean());
  }
}

TEST_CASE("waiting tells how far it is, and ends with what became of it") {
  for (const bool well : {true, false}) {
    Studio studio;
    Call call(studio.videos, "video add", R"({"title":"film","wait":true})", studio.open("video"));
    call.while_waiting = [&] { studio.finish(well); };
    const Json video = call.result();
    CHECK(video.find("state")->text() == (well ? "READY" : "FAILED"));
    CHECK(call.steps == std::vector<std::string>{R"({"state":"PROCESSING","permille":0})"});
    if (!well) {
      CHECK(video.find("hint")->text() == "this file is no video");
    }
  }
}

TEST_CASE("what cannot be added is refused before a byte is copied") {
  Studio studio;
  studio.add("viewer@example.org");
  const int file = studio.open("video");
  const std::vector<std::array<std::string, 3>> rows = {
      {R"({"title":""})", "invalid", "title"},
      {R"({})", "invalid", "title is required"},
      {R"({"title":"t","creator":"nobody@example.org"})", "not_found", "there is no user"},
      {R"({"title":"t","creator":"viewer@example.org"})", "denied", ""},
  };
  for (const auto& [args, code, message] : rows) {
    CAPTURE(args);
    const Error error = Call(studio.videos, "video add", args, file).error();
    CHECK(word(error.code()) == code);
    CHECK_THAT(error.what(), ContainsSubstring(message));
  }
  CHECK(Call(studio.videos, "video add", R"({"title":"t"})").error().code() == ErrorCode::Invalid);
  const int folder = ::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(Call(studio.videos, "video add", R"({"title":"t"})", folder).error().code() ==
        ErrorCode::Invalid);
  ::close(folder);
  CHECK(studio.count("SELECT COUNT(*) FROM videos") == 0);
  CHECK(studio.storage.objects.empty());
  CHECK(Call(studio.videos, "video why", R"({"id":99})").error().code() == ErrorCode::NotFound);
}

TEST_CASE("a video is added with a price, and listed in the order that is asked for") {
  Studio studio;
  const int file = studio.open("video");
  const Json paid =
      Call(studio.videos, "video add", R"({"title":"b","price":"9.50"})", file).result();
  CHECK(paid.find("is_paid")->boolean());
  CHECK(paid.find("price_minor")->integer() == 950);
  CHECK_FALSE(Call(studio.videos, "video add", R"({"title":"a","price":"free"})", file)
                  .result()
                  .find("is_paid")
                  ->boolean());
  for (const std::string wrong : {"0", "-1", "1.234", "cheap", ""}) {
    CAPTURE(wrong);
    const std::string args = R"({"title":"c","price":")" + wrong + "\"}";
    CHECK(Call(studio.videos, "video add", args, file).error().code() == ErrorCode::Invalid);
  }
  const auto found = [&](const std::string& args) {
    std::string all;
    const Json listed = Call(studio.videos, "video list", args).result();
    for (const auto& video : listed.find("videos")->array()) {
      all += video.find("title")->text();
    }
    return all;
  };
  const auto titles = [&](const std::string& sort) { return found(R"({"sort":")" + sort + "\"}"); };
  CHECK(titles("title") == "ab");
  CHECK(titles("-title") == "ba");
  CHECK(titles("created") == "ba");
  CHECK(titles("-created") == "ab");
  CHECK(found(R"({"paid":true})") == "b");
  CHECK(found(R"({"free":true})") == "a");
  CHECK(found(R"({"sort":"title","skip":1})") == "b");
  CHECK(Call(studio.videos, "video list", R"({"paid":true,"free":true})").error().code() ==
        ErrorCode::Invalid);
  CHECK(Call(studio.videos, "video list", R"({"category":"a b"})").error().code() ==
        ErrorCode::Invalid);
  const Error order = Call(studio.videos, "video list", R"({"sort":"size"})").error();
  CHECK_THAT(order.what(), ContainsSubstring("created, updated or title"));
}

TEST_CASE("a video is deleted and brought back; nobody's row stands for who was at the machine") {
  Studio studio;
  Call(studio.videos, "video add", R"({"title":"film"})", studio.open("video")).result();
  studio.finish(true);
  CHECK(
      Call(studio.videos, "video delete", R"({"id":1})").result().find("deleted_at")->isInteger());
  CHECK(Call(studio.videos, "video list", "{}").result().find("total")->integer() == 0);
  CHECK(Call(studio.videos, "video delete", R"({"id":1})").error().code() == ErrorCode::NotFound);
  CHECK(Call(studio.videos, "video restore", R"({"id":1})").result().find("deleted_at")->isNull());
  CHECK(Call(studio.videos, "video restore", R"({"id":9})").error().code() == ErrorCode::NotFound);
  CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type IN ('video.deleted', "
                     "'video.restored') AND user_id IS NULL") == 2);
}

TEST_CASE("a READY video gets another file, and it is waited for what becomes of it") {
  Studio studio;
  Call(studio.videos, "video add", R"({"title":"film"})", studio.open("video")).result();
  CHECK(Call(studio.videos, "video replace", R"({"id":1})", studio.file).error().code() ==
        ErrorCode::Conflict);
  studio.finish(true);
  const int file = studio.open("another");
  CHECK(Call(studio.videos, "video replace", R"({"id":9})", file).error().code() ==
        ErrorCode::NotFound);
  CHECK(Call(studio.videos, "video replace", R"({"id":1})").error().code() == ErrorCode::Invalid);
  Call call(studio.videos, "video replace", R"({"id":1,"file_name":"b.mp4","wait":true})", file);
  call.while_waiting = [&] { studio.run("UPDATE videos SET reprocessing = 0"); };
  CHECK(call.result().find("state")->text() == "READY");
  CHECK(call.steps == std::vector<std::string>{R"({"state":"READY","permille":0})"});
  CHECK(studio.count("SELECT COUNT(*) FROM sources WHERE file_name = 'b.mp4'") == 1);
  CHECK(studio.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.uploaded' AND user_id IS "
                     "NULL") == 1);
}

TEST_CASE("a poster is taken from a file, and taken away again") {
  Studio studio;
  Call(studio.videos, "video add", R"({"title":"film"})", studio.open("video")).result();
  const Json own = Call(studio.videos, "video poster", R"({"id":1})", studio.open("red")).result();
  CHECK(own.find("has_own_poster")->boolean());
  CHECK(studio.storage.objects.size() == 2);
  const Json cleared = Call(studio.videos, "video poster", R"({"id":1,"clear":true})").result();
  CHECK_FALSE(cleared.find("has_own_poster")->boolean());
  CHECK_FALSE(cleared.find("has_poster")->boolean());
  CHECK(Call(studio.videos, "video poster", R"({"id":1})").error().code() == ErrorCode::Invalid);
  const int large = studio.open(std::string(upload::Posters::MaxBytes + 1, 'x'));
  CHECK(Call(studio.videos, "video poster", R"({"id":1})", large).error().reason() == "too-large");
  CHECK(studio.storage.objects.size() == 1);
}

TEST_CASE("a discarded job starts over, others do not") {
  Studio studio;
  Call(studio.videos, "video add", R"({"title":"film"})", studio.open("video")).result();
  CHECK(Call(studio.jobs, "job retry", R"({"id":1})").error().code() == ErrorCode::Conflict);
  CHECK(Call(studio.jobs, "job retry", R"({"id":99})").error().code() == ErrorCode::NotFound);
  CHECK(Call(studio.jobs, "job list", R"({"state":"lost"})").error().code() == ErrorCode::Invalid);
  studio.finish(false);
  studio.run("UPDATE jobs SET state = 'discarded', attempt = 5");
  CHECK(Call(studio.jobs, "job list", R"({"state":"discarded"})")
            .result()
            .find("jobs")
            ->array()
            .size() == 1);
  const Json job = Call(studio.jobs, "job retry", R"({"id":1})").result();
  CHECK(job.find("state")->text() == "available");
  CHECK(job.find("attempt")->integer() == 0);
  CHECK(Call(studio.videos, "video list", "{}")
            .result()
            .find("videos")
            ->array()
            .at(0)
            .find("state")
            ->text() == "PROCESSING");
}
