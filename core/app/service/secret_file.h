// Secrets that lie in files: read with care, made where there is none yet.
#pragma once
#include "base/secret.h"
#include "config/settings.h"

#include <string>

namespace reeld::app::service {

/// The content without the newline at its end. Refuses (INVALID) a file that its group or others
/// may read, an empty one and one beyond 64 KiB. "$CREDENTIALS_DIRECTORY/NAME" is systemd's
/// LoadCredential=, whose folder nobody else can enter. `key` is the setting it is for, named in
/// messages.
Secret readSecretFile(const std::string& path, const std::string& key);

/// Whether it is a credential which systemd shows to the daemon alone and not to this process: one
/// that checks a configuration, at a shell or before a reload, can say nothing of it.
bool isOutOfReach(const std::string& path);

/// What signs tokens and grants: auth.secret_file, at least 32 bytes; with an empty one on SQLite
/// <data_dir>/secret, made (0600) by whichever process comes first.
Secret signingSecret(const config::Settings& settings);

/// Throws what signingSecret() would throw of a file that is there and in reach; makes none.
void checkSigningSecret(const config::Settings& settings);

/// Writes a file of mode 0600 that was not there, durably; false if there is one already.
bool makeSecretFile(const std::string& path, std::string_view content);

}  // namespace reeld::app::service
