// The passwords that are kept here: made into records by the first provider that keeps records,
// changed by their owners, replaced by administrators. A new password ends the sessions that were
// begun with the old one.
#pragma once
#include "base/clock.h"
#include "base/secret.h"
#include "db/database.h"
#include "users/identity_provider.h"
#include "users/sessions.h"
#include "users/throttle.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::users {

class Passwords {
 public:
  /// The providers in the configured order; everything outlives this.
  Passwords(db::Database& database, const Clock& clock, std::vector<IdentityProvider*> providers,
            Sessions& sessions, Throttle& throttle);

  /// What the host keeps of a password, and whose form it has.
  struct Record {
    std::string provider;
    std::string text;
  };
  /// Judges nothing (users/password.h does). Throws UNSUPPORTED if no provider keeps records,
  /// UNAVAILABLE if the one that might is missing. Burns CPU: Hash lane, and outside transactions.
  Record enroll(const Secret& password);
  /// Why no password can be kept until the daemon is started anew; empty = they can.
  std::string missing() const;

  /// In the caller's transaction: the record takes the place of the user's, all his sessions but
  /// `keep` (which may be "") end, links mailed for a new password are void, and the event is
  /// recorded.
  void replace(db::Session& session, UserId user_id, const Record& record,
               const std::string& keep = {});

  /// By an administrator, or after a mail has proved who it is. Throws NOT_FOUND, INVALID with the
  /// pointer /password, and what enroll() throws. Hash lane.
  void reset(UserId user_id, const Secret& password);

  /// Whether change() may be worth its hashes: throws what that throws for a new password that is
  /// none and for whoever has to wait. Cheap.
  void admitChange(const Viewer& viewer, const Secret& next, const Client& client);
  /// By the user himself; his other sessions end. Throws INVALID with the pointer /new_password,
  /// DENIED (reason wrong-password), CONFLICT (reason no-password) for one whom another provider
  /// vouches for, and what the throttle throws. Hash lane.
  void change(const Viewer& viewer, const Secret& current, const Secret& next,
              const Client& client);

 private:
  User demandChangeable(const Viewer& viewer, const Secret& next);
  IdentityProvider* recordKeeper() const;
  /// The user's record that was made from that password; nothing if it was made from another.
  std::optional<Record> prove(UserId user_id, const Secret& password);

  db::Database& database_;
  const Clock& clock_;
  std::vector<IdentityProvider*> providers_;
  Sessions& sessions_;
  Throttle& throttle_;
};

}  // namespace reeld::users
