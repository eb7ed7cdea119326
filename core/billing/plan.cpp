#include "billing/plan.h"

#include "base/error.h"
#include "base/json.h"

namespace reeld::billing {

std::string toJson(const Plan& plan) {
  JsonWriter json;
  json.beginObject()
      .member("id", plan.id)
      .member("title", plan.title)
      .member("interval_days", plan.interval_days)
      .member("price_minor", plan.price_minor)
      .member("currency", plan.currency)
      .member("opens", plan.opens)
      .endObject();
  return json.take();
}

Plan parsePlan(std::string_view text) {
  const Json json = Json::parse(text);
  const auto member = [&](const char* name) -> const Json& {
    const Json* found = json.find(name);
    if (found == nullptr) {
      throw Error(ErrorCode::Corrupt, std::string("a stored plan lacks ") + name);
    }
    return *found;
  };
  return {.id = member("id").text(),
          .title = member("title").text(),
          .interval_days = member("interval_days").integer(),
          .price_minor = member("price_minor").integer(),
          .currency = member("currency").text(),
          .opens = member("opens").text()};
}

}  // namespace reeld::billing
