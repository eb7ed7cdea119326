// What the system calls the owners of files and processes, for messages to administrators.
#pragma once
#include <sys/types.h>

#include <string>

namespace reeld {

/// "reeld", or the number where there is no name.
std::string ownerName(uid_t uid);
std::string groupName(gid_t gid);

}  // namespace reeld
