// The bodies of creating and uploading requests, in pieces of any size.
#include "api/v1/upload_sinks.h"

#include "fakes/fake_exchange.h"
#include "fakes/fake_storage.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::api::v1;
using namespace reeld::test;
using users::Role;

namespace {

class NeverComplete final : public catalog::Completion {
 public:
  std::variant<catalog::Finished, std::string> verify(const catalog::Video&) override {
    return std::string("no");
  }
};

struct Desk : Site {
  Desk() : Site(db::Dialect::Sqlite) {}
  std::unique_ptr<FormUpload> form(bool creates) {
    auto begun = creates
                     ? uploads.beginNew(creator, std::nullopt)
                     : uploads.begin(creator, catalog.create(creator, titled()).id, std::nullopt);
    return std::make_unique<FormUpload>("B", std::move(begun), creator,
                                        creates ? &catalog : nullptr);
  }
  static catalog::VideoDraft titled() {
    catalog::VideoDraft draft;
    draft.title = "film";
    return draft;
  }
  std::int64_t videos() { return count("SELECT COUNT(*) FROM videos WHERE deleted_at IS NULL"); }

  FakeStorage storage;
  upload::Space space{[] { return upload::Volume{.size = 1 << 30, .available = 1 << 30}; }, {}};
  NeverComplete completion;
  catalog::Catalog catalog{*database, clock, completion};
  upload::Uploads uploads{*database,
                          clock,
                          sandbox.log,
                          storage,
                          space,
                          [](db::Session&, catalog::VideoId, catalog::SourceId) {},
                          {.spool_folder = sandbox.folder(), .node = "here", .max_bytes = 1 << 26}};
  users::Viewer creator = viewer("creator@example.org", Role::Creator);
};

std::string part(const std::string& name, const std::string& value,
                 const std::string& file_name = "") {
  return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"" +
         (file_name.empty() ? "" : "; filename=\"" + file_name + "\"") + "\r\n\r\n" + value +
         "\r\n";
}
const std::string End = "--B--\r\n";

void send(http::BodySink& sink, const std::string& body, std::size_t piece) {
  for (std::size_t at = 0; at < body.size(); at += piece) {
    sink.write(std::span(body).subspan(at, std::min(piece, body.size() - at)));
  }
}

std::string pointerOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.violations().empty() ? std::string(word(error.code()))
                                      : error.violations().front().pointer;
  }
  return "taken";
}

}  // namespace

TEST_CASE("a form makes a video together with its file, whatever the pieces") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
    Desk desk;
    auto sink = desk.form(true);
    const std::string file = "\r\n--A not the end\r\n-" + std::string(5000, 'x');
    send(*sink,
         part("title", "by form \xc3\xbc") + part("is_paid", "true") + part("price", "9.99") +
             part("category", "") + part("file", file, "../a.mp4") + End,
         piece);
    const auto response = sink->finish();
    CHECK(response.status == 201);
    const Json video = Json::parse(std::get<std::string>(response.body));
    CHECK(video.find("title")->text() == "by form \xc3\xbc");
    CHECK(video.find("status")->text() == "PROCESSING");
    CHECK(video.find("category")->text() == "miscellaneous");
    CHECK(video.find("price")->number() == 9.99);
    REQUIRE(desk.storage.objects.size() == 1);
    CHECK(desk.storage.objects.begin()->second == file);
  }
}

TEST_CASE("a form without a file makes the entry alone, and is refused where a file is due") {
  Desk desk;
  auto creation = desk.form(true);
  send(*creation, part("title", "film") + End, 64);
  CHECK(creation->finish().status == 201);
  CHECK(desk.videos() == 1);
  auto upload = desk.form(false);
  send(*upload, part("note", "x") + End, 64);
  CHECK(pointerOf([&] { upload->finish(); }) == "/file");
}

TEST_CASE("a form whose file nobody chose has none, an empty file that was chosen is one") {
  Desk desk;
  const std::string none =
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n";
  auto creation = desk.form(true);
  send(*creation, part("title", "film") + none + End, 64);
  CHECK(creation->finish().status == 201);
  CHECK(desk.storage.objects.empty());
  auto unchosen = desk.form(false);
  send(*unchosen, none + End, 64);
  CHECK(pointerOf([&] { unchosen->finish(); }) == "/file");
  auto empty = desk.form(false);
  send(*empty, part("file", "", "empty.mp4") + End, 64);
  CHECK(empty->finish().status == 200);
  CHECK(desk.storage.objects.size() == 1);
}

TEST_CASE("a form that is cut or refused leaves nothing") {
  Desk desk;
  auto cut = desk.form(true);
  send(*cut, part("title", "film") + part("file", "bytes", "a.mp4"), 64);
  CHECK(pointerOf([&] { cut->finish(); }) == "invalid");
  auto untitled = desk.form(true);
  send(*untitled, part("file", "bytes", "a.mp4") + End, 64);
  CHECK(pointerOf([&] { untitled->finish(); }) == "/title");
  CHECK(desk.videos() == 0);
  CHECK(desk.storage.objects.empty());
}

TEST_CASE("what is wrong with the fields is told before the file has come") {
  Desk desk;
  auto sink = desk.form(true);
  CHECK(pointerOf([&] {
          send(*sink, part("title", "film") + part("price", "x") + part("file", "bytes", "a.mp4"),
               64);
        }) == "/price");
}

TEST_CASE("two files, a doubled field and an endless field are refused") {
  Desk desk;
  const auto refusal = [&](const std::string& body) {
    auto sink = desk.form(false);
    return pointerOf([&] { send(*sink, body, 1000); });
  };
  CHECK(refusal(part("file", "a", "a") + part("file", "b", "b") + End) == "/file");
  CHECK(refusal(part("title", "a") + part("title", "b") + End) == "/title");
  CHECK(refusal(part("title", std::string(200'000, 'x')) + End) == "/title");
  CHECK(refusal(part("title", std::string("a\0b", 3)) + End) == "");
}

TEST_CASE("a JSON body is judged by its syntax, then by its credential, then by its values") {
  Desk desk;
  api::Guard guard(desk.viewers, desk.signer, desk.clock);
  FakeExchange exchange;
  exchange.headers["content-type"] = "application/json";
  const auto answer = [&](const std::string& body) {
    JsonCreation sink(guard, desk.catalog, exchange);
    return pointerOf([&] {
      send(sink, body, 3);
      sink.finish();
    });
  };
  CHECK(answer("{") == "");
  CHECK(answer("{}") == "unauthenticated");
  exchange.headers["authorization"] = "Bearer " + desk.signIn("creator@example.org").access_token;
  guard.identify(exchange);
  CHECK(answer("{}") == "/title");
  CHECK(answer(R"({"title":"film"})") == "taken");
  CHECK(desk.videos() == 1);
  JsonCreation endless(guard, desk.catalog, exchange);
  CHECK(reasonOf([&] { send(endless, std::string((1 << 20) + 1, ' '), 1 << 18); }) == "too-large");
}

TEST_CASE("a file's name is kept if it is text") {
  CHECK(keptFileName("../../holi day.mp4") == "../../holi day.mp4");
  CHECK(keptFileName("a\nb").empty());
  CHECK(keptFileName("\xff").empty());
  CHECK(keptFileName(std::string(256, 'x')).empty());
}
