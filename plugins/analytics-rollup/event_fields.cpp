#include "event_fields.h"

#include <stdexcept>
#include <string>

namespace analytics_rollup {

EventFields::EventFields(std::string_view json) {
  json_.Parse(json.data(), json.size());
  if (json_.HasParseError() || !json_.IsObject()) {
    throw std::invalid_argument("it is no JSON object");
  }
}

std::optional<std::int64_t> EventFields::maybeNumber(const char* name) const {
  const auto found = json_.FindMember(name);
  return found != json_.MemberEnd() && found->value.IsInt64()
             ? std::optional(found->value.GetInt64())
             : std::nullopt;
}

std::int64_t EventFields::number(const char* name) const {
  const auto value = maybeNumber(name);
  if (!value) {
    throw std::invalid_argument(std::string("it has no number ") + name);
  }
  return *value;
}

std::string_view EventFields::text(const char* name) const {
  const auto found = json_.FindMember(name);
  return found != json_.MemberEnd() && found->value.IsString()
             ? std::string_view(found->value.GetString(), found->value.GetStringLength())
             : std::string_view();
}

}  // namespace analytics_rollup
