#include "api/tagged_json.h"

#include "base/crypto.h"

namespace reeld::api {

http::Response taggedJson(std::string json) {
  const std::string etag = "\"" + toHex(sha256(json)).substr(0, 16) + "\"";
  auto response = http::Response::json(std::move(json));
  response.header("ETag", etag);
  response.header("Cache-Control", "private, no-cache");
  return response;
}

}  // namespace reeld::api
