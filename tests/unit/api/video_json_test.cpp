// Videos as printed: the types that clients rely on, and what is told to whom.
#include "api/video_json.h"

#include "api/timestamp.h"
#include "base/json.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::api;

namespace {

catalog::Video video() {
  catalog::Video video;
  video.id = 7;
  video.creator_id = 3;
  video.title = "<b>&\"'</b>";
  video.category = "drama";
  video.tags_json = "[]";
  video.created_at = 1'795'167'189'546;
  video.updated_at = 1'795'167'189'547;
  return video;
}

users::Viewer as(users::Role role, users::UserId id = 9) {
  return {.user_id = id, .role = role, .session_id = {}, .token_id = {}};
}

}  // namespace

TEST_CASE("times are UTC with milliseconds and a Z") {
  CHECK(printTime(0) == "1970-01-01T00:00:00.000Z");
  CHECK(printTime(1'795'167'189'546) == "2026-11-20T09:33:09.546Z");
  CHECK(printTime(951'827'696'001) == "2000-02-29T12:34:56.001Z");
  CHECK(printTime(-1) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a new video has every member, and texts as they were given") {
  const Json json = Json::parse(createdVideoJson(video(), as(users::Role::Creator, 3)));
  CHECK(json.find("title")->text() == "<b>&\"'</b>");
  CHECK(json.find("description")->isNull());
  CHECK(json.find("price")->isNull());
  CHECK(json.find("deleted_at")->isNull());
  CHECK(json.find("thumbnail_url")->isNull());
  CHECK(json.find("duration_ms")->isNull());
  CHECK_FALSE(json.find("is_deleted")->boolean());
  CHECK_FALSE(json.find("playable")->boolean());
  CHECK(json.find("status")->text() == "UPLOADED");
  CHECK(json.find("created_at")->text() == "2026-11-20T09:33:09.546Z");
  CHECK(json.find("updated_at")->text() == "2026-11-20T09:33:09.547Z");
  CHECK(json.find("upload_url")->text() == "/api/v1/videos/7/upload");
}

TEST_CASE("a price is a bare decimal number") {
  auto paid = video();
  paid.is_paid = true;
  paid.price_minor = 10;
  CHECK(videoJson(paid, as(users::Role::Viewer)).find("\"price\":0.1,") != std::string::npos);
}

TEST_CASE(
    "why a video failed is told to its owner, the cause to administrators, to others nothing") {
  auto failed = video();
  failed.state = catalog::VideoState::Failed;
  failed.failure =
      catalog::Failure{.stage = "probe", .cause = "exit 3", .hint = "this is no video"};
  const auto failureFor = [&](const users::Viewer& viewer) {
    return Json::parse(videoJson(failed, viewer)).find("failure")->dump();
  };
  CHECK(failureFor(as(users::Role::Creator, 3)) ==
        R"({"stage":"probe","hint":"this is no video"})");
  CHECK(failureFor(as(users::Role::Admin)) ==
        R"({"stage":"probe","hint":"this is no video","cause":"exit 3"})");
  CHECK(failureFor(as(users::Role::Creator, 4)) == "null");
}

TEST_CASE("a list is an array") {
  CHECK(videosJson({}, as(users::Role::Viewer)) == "[]");
  CHECK(Json::parse(videosJson({video(), video()}, as(users::Role::Viewer))).array().size() == 2);
}
