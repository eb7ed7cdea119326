#include "api/v1/revenue.h"

#include "api/endpoint.h"
#include "api/timestamp.h"
#include "base/error.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "billing/split.h"

#include <array>
#include <limits>
#include <span>

namespace reeld::api::v1 {

namespace {

using billing::Earnings;
using billing::RevenueReport;

constexpr std::size_t DateSize = std::string_view("2026-11-29").size();
constexpr EpochMs DayMs = 86'400'000;

/// What each surface calls the same amounts.
struct Column {
  const char* name;
  std::int64_t Earnings::*amount;
};
using Columns = std::span<const Column>;

constexpr std::array CreatorColumns = {Column{"total_sales", &Earnings::sales_minor},
                                       Column{"your_earnings", &Earnings::creator_minor},
                                       Column{"platform_cut", &Earnings::platform_minor}};
constexpr std::array SiteColumns = {Column{"total_revenue", &Earnings::sales_minor},
                                    Column{"platform_earnings", &Earnings::platform_minor},
                                    Column{"creator_earnings", &Earnings::creator_minor},
                                    Column{"subscription_revenue", &Earnings::pool_minor}};

std::optional<EpochMs> timeIn(const http::Exchange& exchange, const char* name, bool is_end,
                              std::vector<Violation>& violations) {
  const auto text = exchange.queryValue(name);
  if (!text) {
    return std::nullopt;
  }
  const auto time = parseIsoTime(*text);
  if (!time) {
    violations.push_back({"/" + std::string(name), "must be a date or a time of ISO 8601"});
    return std::nullopt;
  }
  return is_end && text->size() == DateSize ? *time + DayMs : *time;
}

/// `from`, and `to`: a day counts as a whole, a time is where it ends.
billing::TimeRange rangeIn(const http::Exchange& exchange) {
  std::vector<Violation> violations;
  const auto from = timeIn(exchange, "from", false, violations);
  const auto until = timeIn(exchange, "to", true, violations);
  if (from && until && *from > *until) {
    violations.push_back({"/to", "must not be before from"});
  }
  if (!violations.empty()) {
    throw Error(std::move(violations));
  }
  return {from.value_or(0), until.value_or(std::numeric_limits<EpochMs>::max())};
}

void amounts(JsonWriter& json, const Earnings& earnings, Columns columns) {
  for (const Column& column : columns) {
    json.key(column.name).raw(billing::printMoney(earnings.*column.amount));
  }
}

std::string dayOf(EpochMs time) { return printTime(time).substr(0, DateSize); }

http::Response asJson(const RevenueReport& report, const std::string& currency, Columns columns) {
  JsonWriter json;
  json.beginObject();
  amounts(json, report.total, columns);
  json.member("currency", currency).key("series").beginArray();
  for (const auto& day : report.days) {
    json.beginObject().member("day", dayOf(day.day));
    amounts(json, day.earnings, columns);
    json.endObject();
  }
  json.endArray().endObject();
  return http::Response::json(json.take());
}

// No value needs quotes.
http::Response asCsv(const RevenueReport& report, const std::string& currency, Columns columns) {
  std::string text = "day";
  for (const Column& column : columns) {
    text += "," + std::string(column.name);
  }
  text += ",currency\r\n";
  for (const auto& day : report.days) {
    text += dayOf(day.day);
    for (const Column& column : columns) {
      text += "," + billing::printMoney(day.earnings.*column.amount);
    }
    text += "," + currency + "\r\n";
  }
  return http::Response::text(std::move(text), "text/csv; charset=utf-8");
}

http::Response answerRevenue(const http::Exchange& exchange, const RevenueReport& report,
                             const std::string& currency, Columns columns) {
  const bool wants_csv = exchange.header("accept").find("text/csv") != std::string_view::npos;
  auto response = wants_csv ? asCsv(report, currency, columns) : asJson(report, currency, columns);
  response.header("Cache-Control", "no-store").header("Vary", "Accept");
  return response;
}

}  // namespace

http::Routes revenueRoutes(billing::Revenue& revenue) {
  using http::Access;
  using http::Exchange;
  using http::Method;
  using users::Viewer;
  return {endpoint(Method::Get, "/api/v1/revenue/creator", Access::Creator,
                   [&](Exchange& exchange, const Viewer& viewer) {
                     if (viewer.role != users::Role::Creator) {
                       throw Error(ErrorCode::Denied, "Not allowed");
                     }
                     return answerRevenue(exchange,
                                          revenue.ofCreator(viewer.user_id, rangeIn(exchange)),
                                          revenue.currency(), CreatorColumns);
                   }),
          endpoint(Method::Get, "/api/v1/revenue/admin", Access::Admin,
                   [&](Exchange& exchange, const Viewer&) {
                     return answerRevenue(exchange, revenue.ofSite(rangeIn(exchange)),
                                          revenue.currency(), SiteColumns);
                   })};
}

}  // namespace reeld::api::v1
