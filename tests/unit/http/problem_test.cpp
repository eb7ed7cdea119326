// Errors in the shape of the surface that was asked.
#include "http/problem.h"

#include "base/json.h"
#include "catch.h"
#include "http/route.h"

using namespace reeld;
using namespace reeld::http;

namespace {
Json bodyOf(const Response& response) { return Json::parse(std::get<std::string>(response.body)); }
std::string headerOf(const Response& response, std::string_view name) {
  for (const auto& header : response.headers) {
    if (header.name == name) {
      return header.value;
    }
  }
  return "";
}
}  // namespace

TEST_CASE("each code and reason has its status") {
  struct Row {
    ErrorCode code;
    const char* reason;
    int status;
  };
  for (const Row& row : std::vector<Row>{{ErrorCode::Invalid, "", 400},
                                         {ErrorCode::Unauthenticated, "", 401},
                                         {ErrorCode::Denied, "", 403},
                                         {ErrorCode::NotFound, "", 404},
                                         {ErrorCode::Conflict, "", 409},
                                         {ErrorCode::Exhausted, "", 429},
                                         {ErrorCode::Unavailable, "", 503},
                                         {ErrorCode::Timeout, "", 504},
                                         {ErrorCode::Unsupported, "", 501},
                                         {ErrorCode::Corrupt, "", 500},
                                         {ErrorCode::Internal, "", 500},
                                         {ErrorCode::Ok, "", 500},
                                         {ErrorCode::Exhausted, "storage-full", 507},
                                         {ErrorCode::Invalid, "too-large", 413},
                                         {ErrorCode::Invalid, "media-type", 415},
                                         {ErrorCode::Unavailable, "busy", 503},
                                         {ErrorCode::Denied, "grant-expired", 403}}) {
    CAPTURE(static_cast<int>(row.code), row.reason);
    CHECK(statusOf(Error(row.code, "x").reason(row.reason)) == row.status);
  }
}

TEST_CASE("v1 gets a problem document") {
  const Response response =
      problem(Error(ErrorCode::Unauthenticated, "the token has expired").reason("token-expired"),
              "v1", "r1");
  CHECK(response.status == 401);
  CHECK(response.content_type == "application/problem+json");
  CHECK(headerOf(response, "WWW-Authenticate") == "Bearer realm=\"reeld\"");
  const Json body = bodyOf(response);
  CHECK(body.find("status")->integer() == 401);
  CHECK(body.find("title")->text() == "Unauthorized");
  CHECK(body.find("detail")->text() == "the token has expired");
  CHECK(body.find("code")->text() == "token-expired");
  CHECK(body.find("request_id")->text() == "r1");
  CHECK(body.find("errors") == nullptr);
}

TEST_CASE("violations are 422 and all are named") {
  const Json body = bodyOf(
      problem(Error(std::vector<Violation>{{"/title", "is missing"}, {"/price", "is negative"}}),
              "v1", "r"));
  CHECK(body.find("status")->integer() == 422);
  REQUIRE(body.find("errors")->array().size() == 2);
  CHECK(body.find("errors")->array()[1].find("pointer")->text() == "/price");
}

TEST_CASE("an error that names values is 422 whatever its reason, and keeps it as its code") {
  const Error error =
      Error(std::vector<Violation>{{"", "the content type must be x"}}).reason("media-type");
  CHECK(statusOf(error) == 422);
  const Json body = bodyOf(problem(error, "v1", "r"));
  CHECK(body.find("status")->integer() == 422);
  CHECK(body.find("code")->text() == "media-type");
}

TEST_CASE("the Videoflix surface gets only its key") {
  const Response response =
      problem(Error(ErrorCode::NotFound, "there is no such video"), "videoflix", "r");
  CHECK(response.content_type == "application/json");
  CHECK(std::get<std::string>(response.body) == R"({"detail":"there is no such video"})");
}

TEST_CASE("the Videoflix surface gets violations as a map of fields, with 400") {
  const Response response = problem(Error(std::vector<Violation>{{"/email", "is missing"},
                                                                 {"/password", "is missing"},
                                                                 {"/email", "is odd"},
                                                                 {"", "does not fit"}}),
                                    "videoflix", "r");
  CHECK(response.status == 400);
  CHECK(response.content_type == "application/json");
  CHECK(std::get<std::string>(response.body) ==
        R"({"email":["is missing","is odd"],"password":["is missing"],)"
        R"("non_field_errors":["does not fit"]})");
}

TEST_CASE("a 401 of the Videoflix surface names its realm") {
  const Response response = problem(Error(ErrorCode::Unauthenticated, "sign in"), "videoflix", "r");
  CHECK(headerOf(response, "WWW-Authenticate") == "Bearer realm=\"api\"");
}

TEST_CASE("what happened inside stays inside") {
  for (const ErrorCode code : {ErrorCode::Internal, ErrorCode::Corrupt, ErrorCode::Unavailable}) {
    const Response response = problem(Error(code, "cannot open /var/lib/reeld/x"), "v1", "r");
    CHECK_THAT(std::get<std::string>(response.body), !ContainsSubstring("/var/lib"));
  }
}

TEST_CASE("Retry-After is in whole seconds, and never missing from 429 and 503") {
  CHECK(headerOf(problem(Error(ErrorCode::Exhausted, "slow down").retryAfter(1500), "v1", "r"),
                 "Retry-After") == "2");
  CHECK(headerOf(problem(Error(ErrorCode::Unavailable, "x"), "v1", "r"), "Retry-After") == "1");
  CHECK(headerOf(problem(Error(ErrorCode::NotFound, "x"), "v1", "r"), "Retry-After").empty());
}

TEST_CASE("the surface is read from the path") {
  CHECK(surfaceOf("/api/v1/videos") == "v1");
  CHECK(surfaceOf("/api/v1") == "v1");
  CHECK(surfaceOf("/api/v10/x") == "videoflix");
  CHECK(surfaceOf("/api/login/") == "videoflix");
  CHECK(surfaceOf("/media/g/x") == "other");
}
