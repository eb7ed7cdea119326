// One user of another system, as a row of a file that is imported: read from the members of a JSON
// object or the columns of a table, and judged as far as that goes without a database.
#pragma once
#include "base/json.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::users {

struct ImportedUser {
  std::size_t line = 0;  ///< of the file, from 1
  std::string email;
  Role role = Role::Viewer;
  std::string record;                 ///< of the password, as the other system kept it
  std::optional<EpochMs> created_at;  ///< now, if nobody knows
  bool active = true;
  bool verified = true;  ///< the address has proved to be his
};

/// What is wrong with a line; no value that was sent is in the sentence, because records are
/// secrets.
struct ImportFault {
  std::size_t line = 0;
  std::string field;  ///< "" for the line as a whole
  std::string sentence;
};

/// "", or why an import knows no member of that name.
std::string unknownImportField(const std::string& name);

/// Values may be text throughout, as those of a table are; "" and null are absent. Adds what is
/// wrong.
ImportedUser readImportedUser(std::size_t line, const Json::Object& members,
                              std::vector<ImportFault>& faults);

}  // namespace reeld::users
