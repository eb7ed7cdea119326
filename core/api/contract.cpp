#include "api/contract.h"

#include "base/crypto.h"

#include <string>

namespace reeld::api {

std::string_view openapiJson();  // made of openapi.yaml by api/embed while reeld is built

namespace {

struct Document {
  http::SharedText json = std::make_shared<const std::string>(openapiJson());
  std::string etag = "\"" + toHex(sha256(*json)).substr(0, 16) + "\"";
};

}  // namespace

http::Route contractRoute() {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = "/openapi.json";
  route.access = http::Access::Public;
  route.handler = [document = Document()](http::Exchange&) {
    http::Response response;
    response.body = document.json;
    response.header("ETag", document.etag);
    response.header("Cache-Control", "no-cache");
    return response;
  };
  return route;
}

}  // namespace reeld::api
