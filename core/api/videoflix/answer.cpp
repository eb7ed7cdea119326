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

}  // namespace reeld::api::videoflix
