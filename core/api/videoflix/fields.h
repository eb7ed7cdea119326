// The body of a Videoflix request as named strings: JSON or a form, no body is no field. Every
// string is trimmed, new passwords too. What is wrong is collected, so that a page shows it all at
// once; sentences are written to be shown as they are.
#pragma once
#include "base/error.h"
#include "base/json.h"
#include "http/exchange.h"

#include <string>
#include <vector>

namespace reeld::api::videoflix {

class Fields {
 public:
  /// Throws INVALID: without violations for what is no JSON or no form, with one of the whole for
  /// JSON that is no object, with the reason media-type (415) for anything else.
  explicit Fields(const http::Exchange& exchange);

  /// A string that is there and not blank, trimmed; "" with a violation otherwise.
  std::string text(const std::string& name);
  /// The same untrimmed, for a password that may have been chosen where nobody trims.
  std::string asSent(const std::string& name);
  /// The same trimmed, and an e-mail address.
  std::string email(const std::string& name);
  /// The same, and what may become the password of that address.
  std::string newPassword(const std::string& name, const std::string& email);

  /// Throws INVALID with everything that is wrong.
  void check() const;

 private:
  void refuse(const std::string& name, std::string sentence);

  Json body_;
  std::vector<Violation> violations_;
};

/// What a request is told whose fields are sound and which is refused all the same: passwords that
/// differ, an address that is taken, a login. One text for all, so that it tells nobody which.
[[noreturn]] void refuseVaguely();

}  // namespace reeld::api::videoflix
