// A file of users: one JSON object per line, or a table with commas whose first line names the
// columns (as psql writes it). Which of the two is told by its first character.
#pragma once
#include "users/imported_user.h"

#include <string_view>
#include <vector>

namespace reeld::app::commands {

struct ImportFile {
  std::vector<users::ImportedUser> users;  ///< of every line that could be read, faulty or not
  std::vector<users::ImportFault> faults;
};

ImportFile readImportFile(std::string_view text);

}  // namespace reeld::app::commands
