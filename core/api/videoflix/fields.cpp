#include "api/videoflix/fields.h"

#include "api/form_body.h"
#include "base/unicode.h"
#include "users/email.h"
#include "users/password.h"

namespace reeld::api::videoflix {

namespace {

bool isJson(std::string_view type) noexcept {
  return type == "application/json" ||
         (type.starts_with("application/") && type.ends_with("+json"));
}

Json readBody(const http::Exchange& exchange) {
  // The pages send Content-Type: application/json without a body.
  if (exchange.body().empty()) {
    return Json(Json::Object());
  }
  if (isJson(exchange.contentType())) {
    Json body = Json::parse(exchange.body());
    if (!body.isObject()) {
      throw Error({Violation{"", "The data must be a JSON object."}});
    }
    return body;
  }
  if (auto form = readForm(exchange)) {
    return std::move(*form);
  }
  throw Error(ErrorCode::Invalid, "Send JSON or a form.").reason("media-type");
}

}  // namespace

void refuseVaguely() { throw Error({Violation{"", "Please check your entries and try again."}}); }

Fields::Fields(const http::Exchange& exchange) : body_(readBody(exchange)) {}

std::string Fields::asSent(const std::string& name) {
  const Json* value = body_.find(name);
  if (value == nullptr || value->isNull()) {
    refuse(name, "This field is required.");
    return {};
  }
  if (!value->isString()) {
    refuse(name, "This field must be a text.");
    return {};
  }
  if (trimmed(value->text()).empty()) {
    refuse(name, "This field may not be blank.");
    return {};
  }
  return value->text();
}

std::string Fields::text(const std::string& name) { return std::string(trimmed(asSent(name))); }

std::string Fields::email(const std::string& name) {
  std::string address = text(name);
  if (!address.empty() && !users::emailFault(address).empty()) {
    refuse(name, "Enter a valid e-mail address.");
  }
  return address;
}

std::string Fields::newPassword(const std::string& name, const std::string& email) {
  std::string password = text(name);
  const auto fault = users::passwordFault(password, email);
  if (!password.empty() && !fault.empty()) {
    refuse(name, "The password " + std::string(fault) + ".");
  }
  return password;
}

void Fields::refuse(const std::string& name, std::string sentence) {
  violations_.push_back({"/" + name, std::move(sentence)});
}

void Fields::check() const {
  if (!violations_.empty()) {
    throw Error(violations_);
  }
}

}  // namespace reeld::api::videoflix
