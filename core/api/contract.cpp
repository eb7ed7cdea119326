#include "api/contract.h"

#include "base/crypto.h"
#include "base/error.h"
#include "config/yaml.h"

#include <mutex>

namespace reeld::config {
std::string_view openapiText();  // compiled in by reeld_embed()
}

namespace reeld::api {

namespace {

/// Turned into JSON when it is first asked for: most daemons are never asked, and none waits for it
/// at its start.
class Document {
 public:
  const http::SharedText& json() {
    std::call_once(once_, [this] {
      config::Faults faults;
      const auto tree =
          config::parseYaml(std::string(config::openapiText()), "openapi.yaml", faults);
      if (!faults.empty()) {
        throw Error(ErrorCode::Internal, faults.front().text());
      }
      json_ = std::make_shared<const std::string>(config::toJson(tree).dump());
      const Digest digest = sha256(*json_);
      etag_ = "\"" + toHex(std::span(digest).first(8)) + "\"";
    });
    return json_;
  }
  const std::string& etag() const { return etag_; }

 private:
  std::once_flag once_;
  http::SharedText json_;
  std::string etag_;
};

}  // namespace

http::Route contractRoute() {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = "/openapi.json";
  route.access = http::Access::Public;
  route.handler = [document = std::make_shared<Document>()](http::Exchange&) {
    http::Response response;
    response.body = document->json();
    response.header("ETag", document->etag());
    response.header("Cache-Control", "no-cache");
    return response;
  };
  return route;
}

}  // namespace reeld::api
