// The services behind mailed links over a database of their own; a mail that would be queued is
// kept here with the token its link would carry.
#pragma once
#include "unit/users/site.h"
#include "users/activation.h"
#include "users/mail_token_repository.h"
#include "users/password_reset.h"
#include "users/reset_requests.h"

#include <string>
#include <vector>

namespace reeld::test {

struct LinksSite : Site {
  struct Queued {
    users::MailPurpose purpose;
    users::UserId user;
    std::string token;
    std::string uid() const { return users::mailUid(user); }
  };

  explicit LinksSite(db::Dialect dialect, users::ResetRequestOptions options = {})
      : Site(dialect),
        requests(*database, sandbox.log, tokens, queueMail(), options),
        reset(*database, *passwords) {}

  users::QueueMail queueMail() {
    return [this](db::Session&, users::MailPurpose purpose, users::UserId user,
                  const std::string& id) {
      queued.push_back({purpose, user, tokens.derive(purpose, user, id)});
    };
  }
  /// A user who has to activate, and the link mailed to him.
  Queued newcomer(const std::string& email) {
    const auto id = registration->signUp(email, Secret("correct horse"), &activation);
    REQUIRE(id);
    return queued.back();
  }
  /// The link mailed for a new password; the address must be good for one.
  Queued resetLink(const std::string& email) {
    const auto before = queued.size();
    requests.request(email);
    requests.settle();
    REQUIRE(queued.size() == before + 1);
    return queued.back();
  }
  bool maySignIn(const std::string& email, const std::string& secret = "correct horse") {
    return sign_in
        ->tryPassword(email, Secret(secret), {"192.0.2.1", "a test"}, users::Carrier::Bearer)
        .has_value();
  }

  std::vector<Queued> queued;
  users::MailTokens tokens{SiteSecret};
  users::Activation activation{*database, tokens, queueMail()};
  users::ResetRequests requests;
  users::PasswordReset reset;
};

}  // namespace reeld::test
