// Proof that the address of a new user is his: a link mailed to it, good for a day and for one use,
// without which he cannot sign in. It never undoes what an administrator did: a user who was
// deactivated stays so, and deleted ones have no links.
#pragma once
#include "db/database.h"
#include "users/mail_token.h"

#include <functional>
#include <string>
#include <string_view>

namespace reeld::users {

/// Puts a mail into the queue, in the session's transaction; what carries it is not known here.
using QueueMail = std::function<void(db::Session&, MailPurpose, UserId, std::string token_id)>;

/// In the transaction in which an address was proved: the event.
void recordEmailProof(db::Session& session, UserId user);

class Activation {
 public:
  /// All outlive this.
  Activation(db::Database& database, const MailTokens& tokens, QueueMail queue_mail);

  /// In the transaction that adds the user: he has to activate, and is sent the link.
  void require(db::Session& session, UserId user);

  /// Spends the link; false for one that is wrong, used, expired, or of a deactivated user.
  bool activate(std::string_view uid, std::string_view token);
  /// Whether activate() would be true, changing nothing.
  bool isGood(std::string_view uid, std::string_view token);

 private:
  db::Database& database_;
  const MailTokens& tokens_;
  QueueMail queue_mail_;
};

}  // namespace reeld::users
