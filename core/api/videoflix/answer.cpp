#include "api/videoflix/answer.h"

#include "base/json.h"

namespace reeld::api::videoflix {

namespace {

http::Response one(std::string_view key, std::string_view text, int status) {
  JsonWriter json;
  json.beginObject().member(key, text).endObject();
  http::Response response = http::Response::json(json.take(), status);
  response.header("Cache-Control", "no-store");
  return response;
}

}  // namespace

http::Response detail(std::string_view text, int status) { return one("detail", text, status); }
http::Response message(std::string_view text, int status) { return one("message", text, status); }

http::Route openRoute(http::Method method, std::string pattern, http::Lane lane,
                      std::function<http::Response(http::Exchange&)> handler) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.lane = lane;
  route.access = http::Access::Public;
  route.handler = std::move(handler);
  return route;
}

}  // namespace reeld::api::videoflix
