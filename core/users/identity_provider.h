// The port of authentication: who is this? Providers are asked in the configured order; Defer
// passes on. The adapter over the C table is plugin/adapters/auth.cpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

struct Identity {
  std::string subject;
  std::string name;
  std::string email;
  bool email_verified = false;
};

enum class Verdict { Ok, Denied, Defer };

struct RecordVerdict {
  Verdict verdict = Verdict::Defer;       ///< Defer: the record is not of this provider's form
  std::optional<std::string> new_record;  ///< the same secret under today's parameters
};

class IdentityProvider {
 public:
  virtual ~IdentityProvider() = default;
  virtual const std::string& name() const = 0;  ///< the instance's name
  /// Its calls burn CPU, so they belong on the Hash lane.
  virtual bool cpuBound() const = 0;
  virtual bool keepsRecords() const = 0;  ///< offers enroll() and verify()
  /// Why it is missing as long as this daemon runs; empty for one that can be asked. What a missing
  /// one offers is unknown, and every question to it throws UNAVAILABLE.
  virtual std::string missing() const { return {}; }

  /// A record of the secret for the host to keep; throws Error INVALID for a secret it refuses.
  virtual std::string enroll(std::string_view secret) = 0;
  virtual RecordVerdict verify(const std::string& record, std::string_view secret) = 0;

  struct Answer {
    Verdict verdict = Verdict::Defer;
    Identity identity;
  };
  /// scheme is "password", "bearer" or "oidc-callback".
  virtual Answer authenticate(std::string_view scheme, std::string_view identifier,
                              std::string_view secret, std::string_view peer) = 0;
};

}  // namespace reeld::users
