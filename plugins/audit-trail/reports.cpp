#include "reports.h"

#include "entry_json.h"
#include "json_members.h"

#include <sstream>

using reeld::sdk::Failure;

namespace audit_trail {

namespace {

void next(Json& json, const std::optional<Place>& place) {
  json.Key("next");
  if (place) {
    json.String((std::to_string(place->boot) + " " + std::to_string(place->seq)).c_str());
  } else {
    json.Null();
  }
}

}  // namespace

std::string printed(const Piece& piece) {
  rapidjson::StringBuffer out;
  Json json(out);
  json.StartObject();
  number(json, "records", piece.records);
  json.Key("findings");
  json.StartArray();
  for (const Finding& finding : piece.findings) {
    json.StartObject();
    number(json, "boot", finding.boot);
    number(json, "seq", finding.seq);
    text(json, "what", finding.what);
    text(json, "text", finding.text);
    json.EndObject();
  }
  json.EndArray();
  json.Key("notes");
  json.StartArray();
  for (const std::string& note : piece.notes) {
    json.String(note.c_str());
  }
  json.EndArray();
  number(json, "maybe_missing", piece.maybe_missing);
  number(json, "unanchored", piece.unanchored);
  next(json, piece.next);
  json.EndObject();
  return out.GetString();
}

std::string printed(const Writer::State& state, std::size_t ring) {
  rapidjson::StringBuffer out;
  Json json(out);
  json.StartArray();
  json.StartObject();
  number(json, "boot", state.boot);
  number(json, "stored", state.stored);
  number(json, "waiting", static_cast<std::int64_t>(state.waiting));
  number(json, "ring", static_cast<std::int64_t>(ring));
  text(json, "trouble", state.trouble);
  json.EndObject();
  json.EndArray();
  return out.GetString();
}

std::string exported(const Sql& sql, Place after, int limit) {
  std::vector<Entry> some;
  std::optional<Place> place = after;
  while (some.empty() && place) {
    some = entriesAfter(sql, place->boot, place->seq, limit);
    if (some.empty()) {
      const auto boot = bootAfter(sql, place->boot);
      place = boot ? std::optional(Place{*boot, 0}) : std::nullopt;
    } else {
      place->seq = some.back().seq;
    }
  }
  rapidjson::StringBuffer out;
  Json json(out);
  json.StartObject();
  json.Key("records");
  const std::string list = printed(some);
  json.RawValue(list.data(), list.size(), rapidjson::kArrayType);
  next(json, place);
  json.EndObject();
  return out.GetString();
}

std::string compared(const Sql& sql, const MacKey& key, std::string_view what) {
  std::istringstream words{std::string(what)};
  std::string about;
  Mark mark;
  if (!(words >> about >> mark.boot >> mark.seq >> mark.mac)) {
    throw Failure(REELD_INVALID, "a checkpoint is BOOT:RECORD:SEAL, as the journal has them");
  }
  const auto wrong = contradicts(sql, key, mark);
  rapidjson::StringBuffer out;
  Json json(out);
  json.StartObject();
  json.Key("ok");
  json.Bool(!wrong);
  text(json, "text", wrong.value_or("the record is as the checkpoint says"));
  json.EndObject();
  return out.GetString();
}

}  // namespace audit_trail
