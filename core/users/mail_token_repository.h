// The links that were mailed, as rows of mail_tokens: which are good, and what spends them. All
// times are the database's, because the daemon that mails a link need not be the one it leads to.
#pragma once
#include "db/database.h"
#include "users/mail_token.h"

#include <chrono>
#include <string>
#include <string_view>

namespace reeld::users {

/// A new token of full life; returns its id, which the mail is queued with.
std::string addMailToken(db::Session& session, const MailTokens& tokens, MailPurpose purpose,
                         UserId user);

/// A row of this token is unused and unexpired, for this purpose and this user, who is not deleted.
bool isGoodMailToken(db::Session& session, MailPurpose purpose, UserId user,
                     std::string_view token);

/// The same, and it is spent: of any number of calls with one token a single one is true. The
/// user's other links stay.
bool spendMailToken(db::Session& session, MailPurpose purpose, UserId user, std::string_view token);

/// Those the user has for this purpose and has not used are void.
void withdrawMailTokens(db::Session& session, MailPurpose purpose, UserId user);

/// How many were made for the user and purpose since so long ago, used or not.
std::int64_t countMailTokens(db::Session& session, MailPurpose purpose, UserId user,
                             std::chrono::milliseconds within);

}  // namespace reeld::users
