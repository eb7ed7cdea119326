#include "entry_json.h"

#include "json_members.h"
#include "time_text.h"

#include <rapidjson/document.h>

namespace audit_trail {

namespace {

/// What a record does not have is null.
void maybe(Json& json, const char* name, const std::string& value) {
  if (value.empty()) {
    json.Key(name);
    json.Null();
  } else {
    text(json, name, value);
  }
}

void writeEntry(Json& json, const Entry& entry) {
  json.StartObject();
  number(json, "id", entry.id());
  json.Key("user_id");
  entry.user_id ? json.Int64(*entry.user_id) : json.Null();
  text(json, "action", entry.action);
  maybe(json, "resource", entry.resource.value_or(""));
  maybe(json, "method", entry.method);
  maybe(json, "endpoint", entry.endpoint);
  maybe(json, "ip_address", entry.ip_address);
  text(json, "created_at", printedTime(entry.at));
  json.Key("status");
  entry.status != 0 ? json.Int64(entry.status) : json.Null();
  maybe(json, "request_id", entry.request_id);
  number(json, "duration_us", entry.duration_us);
  number(json, "count", entry.count);
  json.Key("detail");
  rapidjson::Document detail;
  detail.Parse(entry.detail ? entry.detail->c_str() : "null");
  if (detail.HasParseError()) {
    json.String(entry.detail->c_str());
  } else {
    detail.Accept(json);
  }
  json.EndObject();
}

}  // namespace

std::string printed(const Entry& entry) {
  rapidjson::StringBuffer text;
  Json json(text);
  writeEntry(json, entry);
  return {text.GetString(), text.GetSize()};
}

std::string printed(const std::vector<Entry>& entries) {
  rapidjson::StringBuffer text;
  Json json(text);
  json.StartArray();
  for (const Entry& entry : entries) {
    writeEntry(json, entry);
  }
  json.EndArray();
  return {text.GetString(), text.GetSize()};
}

}  // namespace audit_trail
