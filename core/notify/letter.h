// What a mail says: its subject, its text, and the same as HTML, with the link that the pages
// expect. Pure.
#pragma once
#include "notify/mail.h"

#include <string>

namespace reeld::notify {

/// Where the mail's link leads: a page of the site's frontend that reads `uid` and `token` from its
/// query. `frontend_url` may end in a slash. Empty for a trial.
std::string linkOf(MailPurpose purpose, const std::string& frontend_url, users::UserId user,
                   const std::string& token);

struct Letter {
  std::string subject;
  std::string text;
  std::string html;
};
/// The text has no line that is longer than people read, but for the link.
Letter letterOf(MailPurpose purpose, const std::string& link);

}  // namespace reeld::notify
