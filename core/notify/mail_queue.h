// The mail queue as rows. enqueueMail() runs in the transaction of what the mail tells of: if that
// is rolled back there is no mail, and once it is committed the mail outlives every crash. Every
// write of a mail that is being sent names its lease token. All times are the database's.
#pragma once
#include "db/database.h"
#include "notify/mail.h"

#include <utility>
#include <vector>

namespace reeld::notify {

struct NewMail {
  MailPurpose purpose = MailPurpose::Trial;
  users::UserId user_id = 0;
  std::string token_id;  ///< of mail_tokens; "" for a mail without a link
};

/// Writes the mail in the session's transaction. It is sent after the commit, by this daemon at
/// once or by another within seconds; nothing is sent on rollback, and nobody waits here.
MailId enqueueMail(db::Session& session, const NewMail& mail);

/// The next mail that is due, under a new lease for this daemon.
std::optional<Mail> claimMail(db::Session& session, const std::string& node, std::int64_t lease_ms);
/// Milliseconds until the next waiting mail is due, at least 0; nothing if none waits.
std::optional<std::int64_t> nextMailDueIn(db::Session& session);

struct Recipient {
  std::string email;
  std::string token_hash;  ///< as stored; "" if the mail carries no link
};
/// Nothing if nobody waits for the mail any more: the user is gone, or the link is spent or
/// withdrawn. Puts off the link's expiry to its full life from now.
std::optional<Recipient> findRecipient(db::Session& session, const Mail& mail);
/// For a token whose secret has changed since it was made.
void replaceTokenHash(db::Session& session, const std::string& token_id, const std::string& hash);

// Each is false if the lease was lost.
bool finishMail(db::Session& session, const Mail& mail);
bool retryMailLater(db::Session& session, const Mail& mail, std::int64_t delay_ms,
                    const std::string& error);
bool discardMail(db::Session& session, const Mail& mail, const std::string& error);
/// At shutdown: waiting again at once, and the try does not count.
bool releaseMail(db::Session& session, const Mail& mail);

/// A discarded mail starts over, a waiting one is tried at once; false if it is neither.
bool retryMailNow(db::Session& session, MailId id);
/// Leases that ran out wait again; how many.
std::int64_t reapMails(db::Session& session);
/// At start, before the first claim: what this daemon was sending when it died. On SQLite that is
/// every mail under a lease, because one daemon alone has the file.
std::int64_t reapOrphanedMails(db::Session& session, const std::string& node);
/// Deletes mails that ended, and tokens that expired, so long ago; at most `limit` of each.
std::int64_t pruneMails(db::Session& session, std::int64_t age_ms, std::int64_t limit);

std::optional<Mail> findMail(db::Session& session, MailId id);
struct ListedMail {
  Mail mail;
  std::string email;
};
/// Newest first; every state if none is given.
std::vector<ListedMail> listMails(db::Session& session, std::optional<MailState> state,
                                  std::int64_t skip, std::int64_t limit);
/// How many are not sent yet.
std::int64_t countPendingMails(db::Session& session);
/// How many there are of each state; states without mails are not named.
std::vector<std::pair<MailState, std::int64_t>> countMails(db::Session& session);

}  // namespace reeld::notify
