#include "api/v1/health.h"

namespace reeld::api::v1 {

http::Routes healthRoutes() {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = "/api/v1/health";
  route.lane = http::Lane::Inline;
  route.access = http::Access::Public;
  route.logged = false;
  route.inline_handler = [body = std::make_shared<const std::string>(R"({"status":"healthy"})")](
                             http::Exchange&) -> std::optional<http::Response> {
    http::Response response;
    response.body = body;
    return response;
  };
  return {std::move(route)};
}

}  // namespace reeld::api::v1
