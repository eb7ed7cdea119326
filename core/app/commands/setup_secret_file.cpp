#include "app/commands/setup_secret_file.h"

#include "app/service/secret_file.h"
#include "base/crypto.h"
#include "base/error.h"

#include <unistd.h>

namespace reeld::app::commands {

void SetupSecretFile::make() {
  constexpr std::size_t Bytes = 24;
  service::makeSecretFile(path_, randomToken(Bytes) + "\n");
}

bool SetupSecretFile::opens(std::string_view given) const {
  // A file that is gone, or that others may read by now, opens nothing; why is nothing for clients.
  try {
    return equalInConstantTime(service::readSecretFile(path_, "setup-secret").reveal(), given);
  } catch (const Error&) {
    return false;
  }
}

void SetupSecretFile::spend() noexcept { unlink(path_.c_str()); }

}  // namespace reeld::app::commands
