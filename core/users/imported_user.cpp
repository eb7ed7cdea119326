#include "users/imported_user.h"

#include "base/iso_time.h"
#include "base/suggestion.h"
#include "users/email.h"

#include <algorithm>

namespace reeld::users {

namespace {

const std::vector<std::string> Fields = {"email",      "role",   "record",
                                         "created_at", "active", "verified"};

std::optional<bool> truthOf(const Json& value) {
  if (value.isBool()) {
    return value.boolean();
  }
  const std::string text = value.isInteger()  ? std::to_string(value.integer())
                           : value.isString() ? value.text()
                                              : "";
  // As PostgreSQL, SQLite, Python and people write it.
  for (const char* yes : {"true", "t", "1", "True", "yes"}) {
    if (text == yes) {
      return true;
    }
  }
  for (const char* no : {"false", "f", "0", "False", "no"}) {
    if (text == no) {
      return false;
    }
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(std::size_t line, const Json::Object& members, std::vector<ImportFault>& faults)
      : line_(line), members_(members), faults_(faults) {}

  void refuse(const char* field, std::string sentence) {
    faults_.push_back({line_, field, std::move(sentence)});
  }
  void refuseUnknown() {
    for (const auto& [name, value] : members_) {
      if (auto why = unknownImportField(name); !why.empty()) {
        faults_.push_back({line_, "", std::move(why)});
      }
    }
  }
  /// "" if it is absent or no text.
  std::string text(const char* field) {
    const Json* value = find(field);
    if (value != nullptr && !value->isString()) {
      refuse(field, "must be text");
    }
    return value != nullptr && value->isString() ? value->text() : "";
  }
  bool truth(const char* field) {
    const Json* value = find(field);
    const auto truth = value == nullptr ? std::optional(true) : truthOf(*value);
    if (!truth) {
      refuse(field, "must be true or false");
    }
    return truth.value_or(true);
  }

 private:
  const Json* find(const char* field) const {
    for (const auto& [name, value] : members_) {
      if (name == field) {
        const bool absent = value.isNull() || (value.isString() && value.text().empty());
        return absent ? nullptr : &value;
      }
    }
    return nullptr;
  }

  const std::size_t line_;
  const Json::Object& members_;
  std::vector<ImportFault>& faults_;
};

}  // namespace

std::string unknownImportField(const std::string& name) {
  return std::find(Fields.begin(), Fields.end(), name) != Fields.end()
             ? ""
             : "there is no field \"" + name + "\"" + didYouMean(name, Fields) +
                   "; they are email, role, record, created_at, active and verified";
}

ImportedUser readImportedUser(std::size_t line, const Json::Object& members,
                              std::vector<ImportFault>& faults) {
  Reader reader(line, members, faults);
  reader.refuseUnknown();
  ImportedUser user;
  user.line = line;
  user.email = reader.text("email");
  if (const auto fault = emailFault(user.email); !fault.empty()) {
    reader.refuse("email", std::string(fault));
  }
  if (const std::string given = reader.text("role"); !given.empty()) {
    const auto role = parseRole(given);
    if (!role) {
      reader.refuse("role", "must be ADMIN, CREATOR or VIEWER");
    }
    user.role = role.value_or(Role::Viewer);
  }
  user.record = reader.text("record");
  if (const std::string given = reader.text("created_at"); !given.empty()) {
    user.created_at = parseIsoTime(given);
    if (!user.created_at) {
      reader.refuse("created_at", "must be a time such as 2026-11-20T09:33:09Z");
    }
  }
  user.active = reader.truth("active");
  user.verified = reader.truth("verified");
  return user;
}

}  // namespace reeld::users
