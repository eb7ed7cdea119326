// Patterns, precedence, slashes, 404 and 405.
#include "http/router.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld::http;

namespace {

Routes table(std::vector<std::pair<Method, std::string>> rows) {
  Routes routes;
  for (auto& [method, pattern] : rows) {
    routes.emplace_back();
    routes.back().method = method;
    routes.back().pattern = pattern;
  }
  return routes;
}

const Routes& sample() {
  static const Routes Sample =
      table({{Method::Get, "/api/v1/videos/"},
             {Method::Post, "/api/v1/videos/"},
             {Method::Get, "/api/v1/videos/mine"},
             {Method::Get, "/api/v1/videos/{id}"},
             {Method::Delete, "/api/v1/videos/{id}"},
             {Method::Get, "/media/g/{grant}/{encoding}/hls/{rendition}/{file}"},
             {Method::Get, "/docs/{rest*}"},
             {Method::Get, "/"}});
  return Sample;
}

std::string found(Method method, std::string_view path) {
  static const Router Finder(sample());
  const auto match = Finder.find(method, path);
  if (match.entry == nullptr) {
    return match.allowed == 0 ? "404" : "405 " + Router::allowHeader(match.allowed);
  }
  std::string text = match.entry->route->pattern;
  for (std::size_t i = 0; i < match.entry->parameters.size(); ++i) {
    text += " " + match.entry->parameters[i] + "=" +
            std::string(path.substr(match.values[i].at, match.values[i].size));
  }
  return text;
}

}  // namespace

TEST_CASE("where a method is missing, a route of the path is known") {
  const Router finder(sample());
  const auto match = finder.find(Method::Put, "/api/v1/videos/7");
  CHECK(match.entry == nullptr);
  REQUIRE(match.other != nullptr);
  CHECK(match.other->route->pattern == "/api/v1/videos/{id}");
  CHECK(finder.find(Method::Get, "/nothing").other == nullptr);
}

TEST_CASE("paths find their routes") {
  CHECK(found(Method::Get, "/") == "/");
  CHECK(found(Method::Get, "/api/v1/videos") == "/api/v1/videos/");
  CHECK(found(Method::Get, "/api/v1/videos/") == "/api/v1/videos/");
  CHECK(found(Method::Head, "/api/v1/videos/") == "/api/v1/videos/");
  CHECK(found(Method::Get, "/api/v1/videos/7") == "/api/v1/videos/{id} id=7");
  CHECK(found(Method::Get, "/api/v1/videos/7/") == "/api/v1/videos/{id} id=7");
  CHECK(found(Method::Get, "/media/g/abc/9/hls/480p/segment_000.ts") ==
        "/media/g/{grant}/{encoding}/hls/{rendition}/{file} grant=abc encoding=9 rendition=480p "
        "file=segment_000.ts");
  CHECK(found(Method::Get, "/docs/a/b.js") == "/docs/{rest*} rest=a/b.js");
}

TEST_CASE("a literal wins over a parameter, but lends it its other methods") {
  CHECK(found(Method::Get, "/api/v1/videos/mine") == "/api/v1/videos/mine");
  CHECK(found(Method::Delete, "/api/v1/videos/mine") == "/api/v1/videos/{id} id=mine");
}

TEST_CASE("what is not there is 404, a wrong method is 405 with the right ones") {
  CHECK(found(Method::Get, "/api/v1/nothing") == "404");
  CHECK(found(Method::Get, "/api/v1") == "404");
  CHECK(found(Method::Get, "/api/v1/videos//") == "404");
  CHECK(found(Method::Get, "/api/v1//videos") == "404");
  CHECK(found(Method::Get, "//") == "404");
  CHECK(found(Method::Get, "/docs") == "404");
  CHECK(found(Method::Get, "") == "404");
  CHECK(found(Method::Get, "*") == "404");
  CHECK(found(Method::Get, "/api/v1/videos/1/2/3/4/5/6/7/8/9/10") == "404");
  CHECK(found(Method::Put, "/api/v1/videos/") == "405 GET, HEAD, POST, OPTIONS");
  CHECK(found(Method::Patch, "/api/v1/videos/7") == "405 GET, HEAD, DELETE, OPTIONS");
}

TEST_CASE("bad route tables are refused at start") {
  for (const auto& pattern : {"", "x", "/a{b}", "/{a*}/b", "/{a", "/a}b{", "/a//b"}) {
    CAPTURE(pattern);
    const Routes routes = table({{Method::Get, pattern}});
    CHECK_THROWS_AS(Router(routes), reeld::Error);
  }
  const Routes twice = table({{Method::Get, "/a/{x}"}, {Method::Get, "/a/{y}/"}});
  CHECK_THROWS_WITH(Router(twice), ContainsSubstring("taken already"));
}
