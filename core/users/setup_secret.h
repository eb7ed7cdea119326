// Port: the one-time secret of a site without an administrator. Whoever knows it may become the
// first one; the adapter over the file in the data folder is app/commands/setup_secret_file.cpp.
#pragma once
#include <string_view>

namespace reeld::users {

class SetupSecret {
 public:
  virtual ~SetupSecret() = default;
  /// Whether this is it; false if there is none, or none any more. Any thread.
  virtual bool opens(std::string_view given) const = 0;
  /// Its time is over.
  virtual void spend() noexcept = 0;
};

}  // namespace reeld::users
