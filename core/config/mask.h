// What must not be shown: passwords inside URLs, and values whose name says that they are secret.
#pragma once
#include <string>

namespace reeld::config {

/// "postgresql://reeld:***@db/reeld"; also "...?password=***".
std::string maskUrl(const std::string& text);

/// "password", "api_key", "client-secret", "token"; not "secret_file", which is a path.
bool isSecretName(const std::string& name);

}  // namespace reeld::config
