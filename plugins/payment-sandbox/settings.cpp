#include "settings.h"

#include "hook_address.h"

#include <rapidjson/document.h>
#include <reeld/cpp/contain.hpp>

#include <algorithm>

using reeld::sdk::Failure;

namespace payment_sandbox {

namespace {

/// The members of the object; the schema has checked their types, another host may not have.
class Members {
 public:
  explicit Members(std::string_view config) {
    json_.Parse(config.data(), config.size());
    if (!json_.IsObject()) {
      throw Failure(REELD_INVALID, "must be a map");
    }
  }
  const rapidjson::Value* find(const char* name, bool is_right(const rapidjson::Value&)) const {
    const auto found = json_.FindMember(name);
    if (found == json_.MemberEnd()) {
      return nullptr;
    }
    if (!is_right(found->value)) {
      throw Failure(REELD_INVALID, "is of the wrong type").at("/" + std::string(name));
    }
    return &found->value;
  }
  std::string text(const char* name) const {
    const auto* value = find(name, [](const rapidjson::Value& v) { return v.IsString(); });
    return value == nullptr ? "" : std::string(value->GetString(), value->GetStringLength());
  }
  std::int64_t number(const char* name, std::int64_t otherwise) const {
    const auto* value = find(name, [](const rapidjson::Value& v) { return v.IsInt64(); });
    return value == nullptr ? otherwise : value->GetInt64();
  }
  bool flag(const char* name) const {
    const auto* value = find(name, [](const rapidjson::Value& v) { return v.IsBool(); });
    return value != nullptr && value->GetBool();
  }
  template <class Take>
  void each(const char* name, Take&& take) const {
    const auto* value = find(name, [](const rapidjson::Value& v) { return v.IsArray(); });
    if (value != nullptr) {
      std::for_each(value->Begin(), value->End(), take);
    }
  }

 private:
  rapidjson::Document json_;
};

}  // namespace

Settings Settings::parse(std::string_view config) {
  const Members members(config);
  Settings settings;
  const std::string outcome = members.text("outcome");
  settings.outcome = outcome == "decline"    ? Outcome::Decline
                     : outcome == "checkout" ? Outcome::Checkout
                                             : Outcome::Pay;
  members.each("declined_minor", [&](const rapidjson::Value& value) {
    settings.declined_minor.push_back(value.IsInt64() ? value.GetInt64() : 0);
  });
  settings.delay_ms = members.number("delay_ms", 0);
  settings.is_down = members.flag("down");
  settings.pay_after_ms = members.number("pay_after_ms", 0);
  settings.webhook_url = members.text("webhook_url");
  settings.webhook_secret = members.text("webhook_secret");
  members.each("webhook_events", [&](const rapidjson::Value& value) {
    settings.webhook_events.emplace_back(value.IsString() ? value.GetString() : "");
  });
  if (settings.webhook_events.empty()) {
    settings.webhook_events.emplace_back("paid");
  }
  settings.webhook_copies = members.number("webhook_copies", 1);
  settings.webhook_delay_ms = members.number("webhook_delay_ms", 0);
  if (!settings.webhook_url.empty() && !HookAddress::parse(settings.webhook_url)) {
    throw Failure(REELD_INVALID, "must be http://HOST:PORT/PATH").at("/webhook_url");
  }
  return settings;
}

bool Settings::declines(std::int64_t minor) const {
  return outcome == Outcome::Decline ||
         std::find(declined_minor.begin(), declined_minor.end(), minor) != declined_minor.end();
}

}  // namespace payment_sandbox
