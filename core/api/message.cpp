#include "api/message.h"

#include "base/json.h"

namespace reeld::api {

http::Response message(std::string_view text) {
  JsonWriter json;
  json.beginObject().member("message", text).endObject();
  return http::Response::json(json.take());
}

}  // namespace reeld::api
