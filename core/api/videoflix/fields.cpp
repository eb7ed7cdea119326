#include "api/videoflix/fields.h"

#include "api/form_body.h"
#include "users/email.h"
#include "users/password.h"

#include <algorithm>
#include <array>

namespace reeld::api::videoflix {

namespace {

/// Beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> WideSpaces = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

constexpr std::string_view Spaces = " \t\n\v\f\r";

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

std::string_view trimmed(std::string_view text) noexcept {
  const auto widthOfSpace = [](std::string_view rest, bool at_end) -> std::size_t {
    if (rest.empty()) {
      return 0;
    }
    if (Spaces.find(at_end ? rest.back() : rest.front()) != std::string_view::npos) {
      return 1;
    }
    const auto found =
        std::find_if(WideSpaces.begin(), WideSpaces.end(), [&](std::string_view space) {
          return at_end ? rest.ends_with(space) : rest.starts_with(space);
        });
    return found == WideSpaces.end() ? 0 : found->size();
  };
  while (const std::size_t width = widthOfSpace(text, false)) {
    text.remove_prefix(width);
  }
  while (const std::size_t width = widthOfSpace(text, true)) {
    text.remove_suffix(width);
  }
  return text;
}

void refuseVaguely() { throw Error({Violation{"", "Please check your entries and try again."}}); }

Fields::Fields(const http::Exchange& exchange) : body_(readBody(exchange)) {}

std::string Fields::text(const std::string& name) {
  const Json* value = body_.find(name);
  if (value == nullptr || value->isNull()) {
    refuse(name, "This field is required.");
    return {};
  }
  if (!value->isString()) {
    refuse(name, "This field must be a text.");
    return {};
  }
  std::string text(trimmed(value->text()));
  if (text.empty()) {
    refuse(name, "This field may not be blank.");
  }
  return text;
}

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
