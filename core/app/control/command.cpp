#include "app/control/command.h"

namespace reeld::app::control {

namespace {

const Json& given(const Request& request, const std::string& name) {
  const Json* value = request.args().find(name);
  if (value == nullptr || value->isNull()) {
    throw Error(ErrorCode::Invalid, name + " is required");
  }
  return *value;
}

bool isGiven(const Request& request, const std::string& name) {
  const Json* value = request.args().find(name);
  return value != nullptr && !value->isNull();
}

}  // namespace

std::string Request::text(const std::string& name) const {
  const Json& value = given(*this, name);
  if (!value.isString()) {
    throw Error(ErrorCode::Invalid, name + " must be a string");
  }
  return value.text();
}

std::string Request::text(const std::string& name, const std::string& fallback) const {
  return isGiven(*this, name) ? text(name) : fallback;
}

std::int64_t Request::integer(const std::string& name) const {
  const Json& value = given(*this, name);
  if (!value.isInteger()) {
    throw Error(ErrorCode::Invalid, name + " must be a whole number");
  }
  return value.integer();
}

std::int64_t Request::integer(const std::string& name, std::int64_t fallback) const {
  return isGiven(*this, name) ? integer(name) : fallback;
}

std::int64_t Request::count(const std::string& name, std::int64_t fallback) const {
  const std::int64_t value = integer(name, fallback);
  if (value < 0) {
    throw Error(ErrorCode::Invalid, name + " must not be negative");
  }
  return value;
}

bool Request::flag(const std::string& name) const {
  if (!isGiven(*this, name)) {
    return false;
  }
  const Json& value = given(*this, name);
  if (!value.isBool()) {
    throw Error(ErrorCode::Invalid, name + " must be true or false");
  }
  return value.boolean();
}

}  // namespace reeld::app::control
