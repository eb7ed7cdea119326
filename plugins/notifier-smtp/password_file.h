// A password that lies in a file only its owner may read.
#pragma once
#include <string>

namespace notifier_smtp {

/// The file's content without the line end at its end. The path is absolute, or begins with
/// $CREDENTIALS_DIRECTORY/ (systemd's LoadCredential=). Throws Failure INVALID at /password_file
/// for a file that others may read, that is empty, or that cannot be read.
std::string readPasswordFile(const std::string& path);

}  // namespace notifier_smtp
