// <data_dir>/setup-secret: made (0600) at a start without an administrator, so that whoever has a
// shell as root or as the daemon's user can also make the first one over HTTP; gone once there is
// one.
#pragma once
#include "users/setup_secret.h"

#include <string>

namespace reeld::app::commands {

class SetupSecretFile final : public users::SetupSecret {
 public:
  explicit SetupSecretFile(const std::string& data_dir) : path_(data_dir + "/setup-secret") {}

  const std::string& path() const noexcept { return path_; }
  /// Unless it is there. Throws Error.
  void make();
  bool opens(std::string_view given) const override;
  void spend() noexcept override;

 private:
  std::string path_;
};

}  // namespace reeld::app::commands
