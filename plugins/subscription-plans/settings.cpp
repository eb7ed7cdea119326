#include "settings.h"

#include <rapidjson/document.h>
#include <reeld/cpp/contain.hpp>

#include <algorithm>
#include <charconv>

using reeld::sdk::Failure;

namespace subscription_plans {

namespace {

constexpr std::size_t LongestId = 64;
constexpr std::size_t MostWholeDigits = 6;
constexpr std::int64_t LongestInterval = 3660;

bool isId(std::string_view text) {
  return !text.empty() && text.size() <= LongestId && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

bool isDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Minor units of "9.99", exact; 0 for what is no price.
std::int64_t priceOf(std::string_view text) {
  const auto dot = text.find('.');
  std::string digits(text.substr(0, dot));
  if (digits.size() > MostWholeDigits || !isDigits(digits)) {
    return 0;
  }
  std::string cents = dot == std::string_view::npos ? "00" : std::string(text.substr(dot + 1));
  cents.resize(std::max<std::size_t>(cents.size(), 2), '0');
  if (!isDigits(cents) || cents.find_first_not_of('0', 2) != std::string::npos) {
    return 0;
  }
  digits += cents.substr(0, 2);
  std::int64_t minor = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), minor);
  return minor;
}

/// A text or, as numbers are parsed as they stand, the digits of a number.
std::string textIn(const rapidjson::Value& plan, const char* name) {
  const auto found = plan.FindMember(name);
  return found != plan.MemberEnd() && found->value.IsString()
             ? std::string(found->value.GetString(), found->value.GetStringLength())
             : "";
}

}  // namespace

std::vector<ConfiguredPlan> plansIn(std::string_view config) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseNumbersAsStringsFlag>(config.data(), config.size());
  if (!json.IsObject() || !json.HasMember("plans") || !json["plans"].IsObject()) {
    throw Failure(REELD_INVALID, "must be a map of plans").at("/plans");
  }
  std::vector<ConfiguredPlan> plans;
  for (const auto& member : json["plans"].GetObject()) {
    ConfiguredPlan plan;
    plan.id = member.name.GetString();
    const std::string pointer = "/plans/" + plan.id;
    if (!isId(plan.id)) {
      throw Failure(REELD_INVALID, "a plan is named with a-z, 0-9, - and _, from a letter on")
          .at("/plans");
    }
    if (!member.value.IsObject()) {
      throw Failure(REELD_INVALID, "must be a map: price, interval_days, opens").at(pointer);
    }
    for (const auto& key : member.value.GetObject()) {
      const std::string_view name = key.name.GetString();
      if (name != "price" && name != "interval_days" && name != "opens" && name != "title") {
        throw Failure(REELD_INVALID, "is no key of a plan: price, interval_days, opens, title")
            .at(pointer + "/" + std::string(name));
      }
    }
    plan.price_minor = priceOf(textIn(member.value, "price"));
    if (plan.price_minor == 0) {
      throw Failure(REELD_INVALID, "must be 0.01 to 999999.99 with two places at most")
          .at(pointer + "/price");
    }
    const std::string days = textIn(member.value, "interval_days");
    std::int64_t interval = 0;
    std::from_chars(days.data(), days.data() + days.size(), interval);
    if (!isDigits(days) || interval < 1 || interval > LongestInterval) {
      throw Failure(REELD_INVALID, "must be 1 to 3660 days").at(pointer + "/interval_days");
    }
    plan.interval_days = static_cast<std::uint32_t>(interval);
    plan.opens = textIn(member.value, "opens");
    if (plan.opens != "all") {
      throw Failure(REELD_INVALID, "must be all").at(pointer + "/opens");
    }
    plan.title = textIn(member.value, "title");
    if (plan.title.empty()) {
      plan.title = plan.id;
    }
    plans.push_back(std::move(plan));
  }
  if (plans.empty()) {
    throw Failure(REELD_INVALID, "must name a plan at least").at("/plans");
  }
  return plans;
}

}  // namespace subscription_plans
