// What an administrator does about a folder that cannot be used as it is: trying again would not
// help.
#pragma once
#include <string>

namespace notifier_outbox {

/// The command; "" if neither owner nor mode nor kind of the path is in the way.
std::string folderRemedy(const std::string& path);

}  // namespace notifier_outbox
