#include "api/v1/analytics.h"

#include "api/endpoint.h"
#include "api/parameters.h"
#include "api/summary_json.h"
#include "base/error.h"

namespace reeld::api::v1 {

namespace {

using http::Access;
using http::Exchange;
using http::Method;
using http::Response;
using users::Viewer;

constexpr const char* CsvType = "text/csv; charset=utf-8";

/// `format` decides; without it the first of the two that Accept names.
bool wantsCsv(const Exchange& exchange) {
  if (const auto format = exchange.queryValue("format")) {
    if (*format != "csv" && *format != "json") {
      throw Error({Violation{"/format", "must be json or csv"}});
    }
    return *format == "csv";
  }
  const std::string_view accept = exchange.header("accept");
  const auto csv = accept.find("text/csv");
  return csv != std::string_view::npos && csv < accept.find("application/json");
}

/// His own; an administrator may name another's.
std::int64_t creatorOf(const Exchange& exchange, const Viewer& viewer) {
  const auto named = exchange.queryValue("creator_id");
  if (!named) {
    return viewer.user_id;
  }
  const std::int64_t creator = parseId(*named, "creator_id");
  if (creator != viewer.user_id && viewer.role != users::Role::Admin) {
    throw Error(ErrorCode::Denied, "these are the figures of another");
  }
  return creator;
}

Response answerSummary(analytics::Reports& reports, const Exchange& exchange,
                       std::optional<std::int64_t> creator,
                       std::optional<std::int64_t> video = std::nullopt) {
  const bool is_csv = wantsCsv(exchange);
  SummaryPage page{.creator_id = creator,
                   .video_id = video,
                   .range = readDateRange(exchange, reports.now()),
                   .summary = {}};
  page.summary = reports.summary(
      {.creator_id = creator, .video_id = video, .from = page.range.from, .to = page.range.to});
  auto response =
      is_csv ? Response::text(summaryCsv(page), CsvType) : Response::json(summaryJson(page));
  response.header("Vary", "Accept");
  if (is_csv) {
    response.header("Content-Disposition", "attachment; filename=\"analytics-" + page.range.from +
                                               "-" + page.range.to + ".csv\"");
  }
  return response;
}

}  // namespace

http::Routes analyticsRoutes(analytics::Reports& reports) {
  return {endpoint(Method::Get, "/api/v1/analytics/creator", Access::Creator,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     return answerSummary(reports, exchange, creatorOf(exchange, viewer));
                   }),
          endpoint(Method::Get, "/api/v1/analytics/admin", Access::Admin,
                   [&](Exchange& exchange, const Viewer&) {
                     return answerSummary(reports, exchange, std::nullopt);
                   }),
          endpoint(Method::Get, "/api/v1/analytics/{id}/days", Access::User,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     const auto id = pathId(exchange);
                     return answerSummary(reports, exchange, reports.creatorOf(viewer, id), id);
                   })};
}

}  // namespace reeld::api::v1
