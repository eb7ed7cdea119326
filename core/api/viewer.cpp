#include "api/viewer.h"

#include "api/viewer_files.h"
#include "base/crypto.h"
#include "base/error.h"

#include <algorithm>
#include <map>
#include <string>

namespace reeld::api {
namespace {

constexpr std::string_view Page = "index.html";
// Swagger UI sets styles from its script and draws its icons from data; it needs nothing more.
constexpr const char* Policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
    "data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string contentType(std::string_view name) {
  const auto ending = name.substr(name.rfind('.') + 1);
  const std::string_view kind = ending == "js" ? "javascript" : ending == "txt" ? "plain" : ending;
  return "text/" + std::string(kind) + "; charset=utf-8";
}

using Tags = std::map<std::string, std::string, std::less<>>;

Tags tagsOfAll() {
  Tags tags;
  for (const auto& file : viewerFiles()) {
    tags.emplace(file.name, "\"" + toHex(sha256(file.text)).substr(0, 16) + "\"");
  }
  return tags;
}

http::Response answer(std::string_view name, const Tags& tags) {
  const auto files = viewerFiles();
  const auto file = std::ranges::find(files, name, &ViewerFile::name);
  if (file == files.end()) {
    throw Error(ErrorCode::NotFound, "the viewer has no such file");
  }
  auto response = http::Response::text(std::string(file->text), contentType(name));
  response.header("ETag", tags.find(name)->second);
  response.header("Cache-Control", "no-cache");
  response.header("Content-Security-Policy", Policy);
  return response;
}

http::Route route(std::string pattern) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = std::move(pattern);
  route.access = http::Access::Public;
  return route;
}

}  // namespace

http::Routes viewerRoutes() {
  auto page = route("/docs");
  page.handler = [tags = tagsOfAll()](http::Exchange&) { return answer(Page, tags); };
  auto file = route("/docs/{file}");
  file.handler = [tags = tagsOfAll()](http::Exchange& exchange) {
    return answer(exchange.routeParameter("file"), tags);
  };
  return {std::move(page), std::move(file)};
}

}  // namespace reeld::api
