#include "app/service/admin_routes.h"

#include "base/json.h"

namespace reeld::app::service {

namespace {

http::Response answer(std::string text, const char* content_type, int status = 200) {
  http::Response response;
  response.status = status;
  response.content_type = content_type;
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = std::move(text);
  return response;
}

http::Route get(std::string pattern, http::Lane lane) {
  http::Route route;
  route.method = http::Method::Get;
  route.pattern = std::move(pattern);
  route.lane = lane;
  route.access = http::Access::Public;
  return route;
}

std::string readiness(const Health::Report& report) {
  const char* fit = report.degraded ? "degraded" : "ready";
  JsonWriter out;
  out.beginObject().member("status", report.ready ? fit : "unavailable");
  out.key("checks").beginObject();
  for (const auto& check : report.checks) {
    out.key(check.name).beginObject().member("ok", check.ok).member("took_ms", check.took_ms);
    if (!check.ok) {
      out.member("message", check.message);
    }
    if (check.facts.isObject()) {
      for (const auto& [name, value] : check.facts.object()) {
        out.member(name, value);
      }
    }
    out.endObject();
  }
  out.endObject().endObject();
  return out.take();
}

}  // namespace

http::Routes adminRoutes(Health& health, Metrics& metrics) {
  constexpr const char* JsonType = "application/json";
  http::Routes routes;

  routes.push_back(get("/healthz", http::Lane::Inline));
  routes.back().inline_handler = [](http::Exchange&) {
    return std::optional(answer(R"({"status":"alive"})", JsonType));
  };

  routes.push_back(get("/version", http::Lane::Inline));
  routes.back().inline_handler = [](http::Exchange&) {
    return std::optional(answer(R"({"version":")" REELD_VERSION R"("})", JsonType));
  };

  routes.push_back(get("/readyz", http::Lane::Worker));
  routes.back().handler = [&health](http::Exchange&) {
    const auto report = health.ask();
    constexpr int Unavailable = 503;
    return answer(readiness(report), JsonType, report.ready ? 200 : Unavailable);
  };

  routes.push_back(get("/metrics", http::Lane::Worker));
  routes.back().handler = [&metrics](http::Exchange&) {
    return answer(metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
  };
  return routes;
}

}  // namespace reeld::app::service
