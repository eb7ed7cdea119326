#include "api/body_fields.h"

#include "catalog/price.h"
#include "catalog/tags.h"
#include "http/route.h"

#include <algorithm>
#include <array>

namespace reeld::api {

namespace {

[[noreturn]] void refuseBody(std::string why) { throw Error({Violation{"", std::move(why)}}); }

Json parse(std::string_view body) {
  try {
    return Json::parse(body);
  } catch (const Error& error) {
    refuseBody(error.what());  // the same sentence, as a violation of the body as a whole
  }
}

}  // namespace

void refuseMediaType(const http::Exchange& exchange, const std::string& accepted) {
  const std::string why = "the content type must be " + accepted;
  const bool is_v1 = http::surfaceOf(exchange.path()) == "v1";
  throw(is_v1 ? Error({Violation{"", why}}) : Error(ErrorCode::Invalid, why)).reason("media-type");
}

Json parseJsonObject(const http::Exchange& exchange, std::string_view body,
                     const std::string& accepted) {
  const std::string_view type = exchange.contentType();
  if (type != "application/json" &&
      !(type.starts_with("application/") && type.ends_with("+json"))) {
    refuseMediaType(exchange, accepted);
  }
  Json json = parse(body);
  if (!json.isObject()) {
    refuseBody("must be a JSON object");
  }
  return json;
}

Json readJsonObject(const http::Exchange& exchange, const std::string& accepted) {
  return parseJsonObject(exchange, exchange.body(), accepted);
}

const Json* BodyFields::member(const std::string& name) const {
  const Json* value = object_.find(name);
  return value == nullptr || value->isNull() ? nullptr : value;
}

std::optional<std::string> BodyFields::text(const std::string& name) {
  const Json* value = member(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->isString()) {
    refuse(name, "must be a string");
    return std::nullopt;
  }
  return value->text();
}

std::optional<std::vector<std::string>> BodyFields::texts(const std::string& name) {
  const Json* value = member(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->isString()) {
    return catalog::splitTags(value->text());
  }
  std::vector<std::string> texts;
  bool good = value->isArray();
  if (good) {
    for (const Json& one : value->array()) {
      good = good && one.isString();
      texts.push_back(one.isString() ? one.text() : "");
    }
  }
  if (!good) {
    refuse(name, "must be a list of strings");
    return std::nullopt;
  }
  return texts;
}

std::string BodyFields::requiredText(const std::string& name) {
  if (member(name) == nullptr) {
    refuse(name, "is required");
  }
  return text(name).value_or("");
}

std::optional<bool> BodyFields::flag(const std::string& name) {
  constexpr std::array<std::string_view, 5> Yes = {"true", "1", "yes", "on", "True"};
  constexpr std::array<std::string_view, 5> No = {"false", "0", "no", "off", "False"};
  const Json* value = member(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->isBool()) {
    return value->boolean();
  }
  const std::string word = value->isString()    ? value->text()
                           : value->isInteger() ? value->numberText()
                                                : "";
  if (std::find(Yes.begin(), Yes.end(), word) != Yes.end()) {
    return true;
  }
  if (std::find(No.begin(), No.end(), word) != No.end()) {
    return false;
  }
  refuse(name, "must be true or false");
  return std::nullopt;
}

BodyFields::Price BodyFields::price(const std::string& name) {
  Price price{.named = object_.find(name) != nullptr, .minor = std::nullopt};
  const Json* value = member(name);
  if (value == nullptr) {
    return price;
  }
  if (value->isNumber()) {
    price.minor = catalog::parsePrice(value->numberText());
  } else if (value->isString()) {
    price.minor = catalog::parsePrice(value->text());
  }
  if (!price.minor) {
    refuse(name, "must be a decimal number from 0.01 to 999999.99 with at most two places");
  }
  return price;
}

void BodyFields::refuse(const std::string& name, std::string why) {
  violations_.push_back({"/" + name, std::move(why)});
}

void BodyFields::refuse(std::vector<Violation> violations) {
  for (auto& violation : violations) {
    const bool known = std::any_of(violations_.begin(), violations_.end(), [&](const auto& other) {
      return other.pointer == violation.pointer;
    });
    if (!known) {
      violations_.push_back(std::move(violation));
    }
  }
}

void BodyFields::check() const {
  if (refused()) {
    throw Error(violations_);
  }
}

}  // namespace reeld::api
