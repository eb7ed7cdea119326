#include "app/commands/money.h"

#include "app/commands/users.h"
#include "billing/order_repository.h"
#include "billing/posting_list.h"
#include "billing/split.h"

namespace reeld::app::commands {

namespace {

constexpr std::int64_t PieceRows = 1000;

Json checkLedger(billing::LedgerCheck& ledger_check) {
  const auto report = ledger_check.run();
  Json::Array faults;
  for (const std::string& fault : report.faults) {
    faults.emplace_back(fault);
  }
  return Json::Object{{"ok", report.faults.empty()},
                      {"orders", report.orders},
                      {"postings", report.postings},
                      {"faults", std::move(faults)}};
}

Json orderJson(const billing::Order& order) {
  const auto time = [](const std::optional<EpochMs>& at) { return at ? Json(*at) : Json(); };
  return Json::Object{{"id", order.id},
                      {"user", order.user_id},
                      {"video", order.video_id ? Json(*order.video_id) : Json()},
                      {"title", order.title},
                      {"state", word(order.state)},
                      {"amount", billing::printMoney(order.price_minor)},
                      {"currency", order.currency},
                      {"provider", order.provider},
                      {"provider_ref", order.provider_ref.value_or("")},
                      {"created_at", order.created_at},
                      {"paid_at", time(order.paid_at)},
                      {"ended_at", time(order.ended_at)},
                      {"refund_due", order.refund_at.has_value()}};
}

Json listOrders(control::Request& request, const MoneyParts& parts) {
  billing::OrderFilter filter;
  if (const std::string user = request.text("user", ""); !user.empty()) {
    filter.user = findUser(parts.directory, user).id;
  }
  if (const std::string given = request.text("state", ""); !given.empty()) {
    filter.state = billing::parseOrderState(given);
    if (!filter.state) {
      throw Error(ErrorCode::Invalid,
                  "the state must be pending, paid, failed, expired, refunded or disputed (got \"" +
                      given + "\")");
    }
  }
  const auto orders = parts.database.readOne([&](db::Session& session) {
    return billing::listOrders(session, filter, request.count("skip", 0),
                               request.count("limit", 100));
  });
  Json::Array rows;
  for (const auto& order : orders) {
    rows.push_back(orderJson(order));
  }
  return Json::Object{{"orders", std::move(rows)}};
}

Json exportPiece(control::Request& request, db::Database& database) {
  const auto postings = database.readOne([&](db::Session& session) {
    return billing::listPostings(session, request.count("after", 0), PieceRows);
  });
  Json::Array rows;
  for (const auto& posting : postings) {
    rows.push_back(Json::Object{{"id", posting.id},
                                {"entry", posting.entry},
                                {"order", posting.order},
                                {"account", posting.account},
                                {"user", posting.user ? Json(*posting.user) : Json()},
                                {"amount", billing::printMoney(posting.amount_minor)},
                                {"amount_minor", posting.amount_minor},
                                {"currency", posting.currency},
                                {"rate_bp", posting.rate_bp},
                                {"at", posting.at}});
  }
  return Json::Object{{"postings", std::move(rows)},
                      {"more", static_cast<std::int64_t>(postings.size()) == PieceRows}};
}

std::string_view wordOf(playback::AccessVerdict verdict) {
  switch (verdict) {
    case playback::AccessVerdict::Allowed:
      return "allowed";
    case playback::AccessVerdict::NotFound:
      return "not found";
    case playback::AccessVerdict::NotPlayable:
      return "nothing to play";
    case playback::AccessVerdict::PurchaseRequired:
      break;
  }
  return "purchase required";
}

Json explain(control::Request& request, const MoneyParts& parts) {
  const auto user = findUser(parts.directory, request.text("user"));
  const auto decision = parts.playback.explain(user.id, request.integer("video"));
  Json::Array steps;
  for (const auto& step : decision.steps) {
    steps.push_back(Json::Object{{"question", step.question}, {"answer", step.answer}});
  }
  return Json::Object{{"user", user.email},
                      {"video", request.integer("video")},
                      {"allowed", decision.verdict == playback::AccessVerdict::Allowed},
                      {"verdict", wordOf(decision.verdict)},
                      {"because", decision.because},
                      {"hint", decision.hint},
                      {"ends", decision.ends ? Json(*decision.ends) : Json()},
                      {"is_active", user.is_active},
                      {"steps", std::move(steps)}};
}

}  // namespace

control::Commands moneyCommands(MoneyParts parts) {
  return {
      {"order list", [parts](control::Request& request) { return listOrders(request, parts); }},
      {"order refund",
       [parts](control::Request& request) {
         return orderJson(parts.refunds.refund(request.integer("id"), std::nullopt));
       }},
      {"ledger check", [parts](control::Request&) { return checkLedger(parts.ledger_check); }},
      {"ledger export",
       [parts](control::Request& request) { return exportPiece(request, parts.database); }},
      {"access explain", [parts](control::Request& request) { return explain(request, parts); }},
  };
}

}  // namespace reeld::app::commands
