// The sentence for a file or folder of the configuration that cannot be read.
#pragma once
#include <string>

namespace reeld::config {

/// "cannot be read: Permission denied (chgrp ... && chmod ...)"
std::string unreadable(const std::string& path, int error_number);

}  // namespace reeld::config
