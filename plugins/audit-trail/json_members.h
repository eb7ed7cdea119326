// Members of the JSON objects this plugin writes.
#pragma once
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>

namespace audit_trail {

using Json = rapidjson::Writer<rapidjson::StringBuffer>;

inline void text(Json& json, const char* name, const std::string& value) {
  json.Key(name);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

inline void number(Json& json, const char* name, std::int64_t value) {
  json.Key(name);
  json.Int64(value);
}

}  // namespace audit_trail
