#include "deliveries.h"

#include "hook_address.h"
#include "signature.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace payment_sandbox {

namespace {

constexpr int MostTries = 20;
constexpr std::int64_t FirstPauseMs = 500;
constexpr std::int64_t LongestPauseMs = 3'600'000;
constexpr int Ok = 200;
constexpr int Redirects = 300;

std::int64_t pauseAfter(int tries) {
  return std::min(FirstPauseMs << std::min(tries, 13), LongestPauseMs);
}

}  // namespace

std::string eventId(const Payment& payment, std::string_view type) {
  return "evt_" + payment.ref + "_" + std::string(type);
}

std::string eventBody(const Payment& payment, std::string_view type, std::int64_t time_ms) {
  rapidjson::StringBuffer text;
  rapidjson::Writer json(text);
  const auto member = [&](const char* name, const std::string& value) {
    json.Key(name);
    json.String(value.c_str(), static_cast<rapidjson::SizeType>(value.size()));
  };
  json.StartObject();
  member("id", eventId(payment, type));
  member("type", "payment." + std::string(type));
  member("order_id", payment.order);
  member("ref", payment.ref);
  json.Key("amount_minor");
  json.Int64(payment.minor);
  member("currency", payment.currency);
  json.Key("time_ms");
  json.Int64(time_ms);
  json.EndObject();
  return text.GetString();
}

void Deliveries::add(const Payment& payment, const Settings& settings, std::int64_t now_ms) {
  if (settings.webhook_url.empty()) {
    return;
  }
  const std::int64_t due = std::max(now_ms + settings.webhook_delay_ms, payment.pays_at_ms);
  std::vector<reeld::sdk::SqlRow> rows;
  for (const std::string& type : settings.webhook_events) {
    for (std::int64_t copy = 0; copy < settings.webhook_copies; ++copy) {
      const auto position = static_cast<std::int64_t>(rows.size());
      rows.push_back({eventId(payment, type) + "_" + std::to_string(copy), std::to_string(due),
                      std::to_string(position), eventBody(payment, type, due), "0"});
    }
  }
  sql_.executeMany(
      "INSERT INTO sandbox_deliveries (id, due_ms, position, body, tries) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
      rows);
  may_wait_ = true;
}

void Deliveries::run(const Settings& settings, const std::string& secret, std::int64_t now_ms) {
  const auto address = HookAddress::parse(settings.webhook_url);
  if (!address || !may_wait_.exchange(false)) {
    return;
  }
  const auto rows = sql_.query(
      "SELECT id, due_ms, body, tries FROM sandbox_deliveries ORDER BY due_ms, position LIMIT 20");
  if (!rows.empty()) {
    may_wait_ = true;
  }
  for (const auto& row : rows) {
    if (std::stoll(row.at(1).value_or("0")) > now_ms) {
      return;
    }
    const std::string body = row.at(2).value_or("");
    const int tries = std::stoi(row.at(3).value_or("0")) + 1;
    const int status = address->post(signatureOf(secret, now_ms / 1000, body), body);
    if ((status >= Ok && status < Redirects) || tries >= MostTries) {
      sql_.execute("DELETE FROM sandbox_deliveries WHERE id = $1", {row.at(0)});
    } else {
      sql_.execute("UPDATE sandbox_deliveries SET tries = $1, due_ms = $2 WHERE id = $3",
                   {std::to_string(tries), std::to_string(now_ms + pauseAfter(tries)), row.at(0)});
    }
  }
}

}  // namespace payment_sandbox
