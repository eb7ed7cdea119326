// A mail's token: the same whenever it is derived, another for anybody and anything else.
#include "users/mail_token.h"

#include "catch.h"

#include <set>

using namespace reeld;
using namespace reeld::users;

namespace {
const std::string MailSecret(32, 's');
}

TEST_CASE("a mail token is the same each time, and fit for a link") {
  const MailTokens tokens(MailSecret);
  const std::string token = tokens.derive(MailPurpose::Activation, 7, "abc");
  CHECK(token == MailTokens(MailSecret).derive(MailPurpose::Activation, 7, "abc"));
  CHECK(token.size() == 43);
  CHECK(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
      std::string::npos);
}

TEST_CASE("another purpose, user, id or site makes another mail token") {
  const MailTokens tokens(MailSecret);
  const std::set<std::string> all = {
      tokens.derive(MailPurpose::Activation, 7, "abc"),
      tokens.derive(MailPurpose::PasswordReset, 7, "abc"),
      tokens.derive(MailPurpose::Activation, 8, "abc"),
      tokens.derive(MailPurpose::Activation, 7, "abd"),
      tokens.derive(MailPurpose::Activation, 71, "bc"),
      MailTokens(std::string(32, 't')).derive(MailPurpose::Activation, 7, "abc"),
  };
  CHECK(all.size() == 6);
}

TEST_CASE("what is stored of a mail token is its SHA-256") {
  // From the standard's example, FIPS 180-2.
  CHECK(MailTokens::hash("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("ids of mail tokens are random and never the same") {
  initCrypto();
  CHECK(MailTokens::newId().size() == 22);
  CHECK(MailTokens::newId() != MailTokens::newId());
}

TEST_CASE("the uid of a link is the decimal id in base64url, and nothing else is one") {
  CHECK(mailUid(1) == "MQ");
  CHECK(mailUid(9'007'199'254'740'993) == "OTAwNzE5OTI1NDc0MDk5Mw");
  CHECK(parseMailUid("MQ") == 1);
  CHECK(parseMailUid(mailUid(9'223'372'036'854'775'807)) == 9'223'372'036'854'775'807);
  for (const std::string uid : {"", "M", "MQ==", "MA", "LTE", "MDE", "MTIzYWJj", "IDE", "1",
                                "OTIyMzM3MjAzNjg1NDc3NTgwOA", "\xff\xff"}) {
    CAPTURE(uid);
    CHECK_FALSE(parseMailUid(uid));
  }
}

TEST_CASE("links live as long as the mails say") {
  CHECK(lifeOf(MailPurpose::Activation) == std::chrono::hours(24));
  CHECK(lifeOf(MailPurpose::PasswordReset) == std::chrono::hours(1));
  for (const auto purpose :
       {MailPurpose::Activation, MailPurpose::PasswordReset, MailPurpose::Trial}) {
    CHECK(parseMailPurpose(word(purpose)) == purpose);
  }
  CHECK_FALSE(parseMailPurpose("Activation"));
}
