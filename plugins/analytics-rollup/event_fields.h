// The members of an event's JSON, read one by one.
#pragma once
#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace analytics_rollup {

class EventFields {
 public:
  /// Throws std::invalid_argument for what is no JSON object.
  explicit EventFields(std::string_view json);

  std::optional<std::int64_t> maybeNumber(const char* name) const;
  /// Throws std::invalid_argument if there is none.
  std::int64_t number(const char* name) const;
  /// Empty for null, and if there is none.
  std::string_view text(const char* name) const;

 private:
  rapidjson::Document json_;
};

}  // namespace analytics_rollup
