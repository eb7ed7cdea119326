// Signing in: who gets tokens, what they say, and that refusals are alike.
#include "users/sign_in.h"

#include "unit/users/site.h"

#include <cctype>

using namespace reeld;
using namespace reeld::test;
using users::Role;

namespace {

std::string textOf(const Json& claims, const char* name) { return claims.find(name)->text(); }

std::string emailUpper(std::string email) {
  email[0] = static_cast<char>(std::toupper(email[0]));
  return email;
}

std::string refusal(Site& site, const std::string& email, const std::string& password) {
  return reasonOf([&] { site.signIn(email, password); });
}

}  // namespace

TEST_CASE("the right password gives an access token and a refresh token of one session") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto id = site.add("ann@example.org");
    const auto signed_in = site.signIn("ANN@example.org", "correct horse");
    CHECK(signed_in.user_id == id);
    CHECK(signed_in.access_seconds == 900);
    const auto token =
        site.signer.verify(TokenPurpose::Access, signed_in.access_token, site.clock.now());
    REQUIRE(token.verdict == TokenVerdict::Ok);
    CHECK(textOf(token.claims, "sub") == std::to_string(id));
    const auto refresh = site.refresh_tokens.read(signed_in.refresh_token);
    REQUIRE(refresh);
    CHECK(refresh->session_id == textOf(token.claims, "sid"));
    CHECK(refresh->generation == 0);
    const auto viewer = site.viewers.find(refresh->session_id, id);
    REQUIRE(viewer);
    CHECK(viewer->role == Role::Viewer);
  }
}

TEST_CASE(
    "unknown address, wrong password and deactivated user are refused alike, with a hash each") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    site.add("ann@example.org");
    site.add("off@example.org");
    site.run("UPDATE users SET is_active = 0 WHERE email_key = 'off@example.org'");
    site.signIn("ann@example.org", "correct horse");
    for (const auto& [email, password] : {std::pair{"nobody@example.org", "correct horse"},
                                          std::pair{"ann@example.org", "wrong horse"},
                                          std::pair{"off@example.org", "correct horse"}}) {
      INFO(email);
      const int before = site.password.verified;
      CHECK(refusal(site, email, password) == "invalid-credentials");
      CHECK(site.password.verified == before + 1);
    }
    CHECK(site.count("SELECT COUNT(*) FROM sessions") == 1);
  }
}

TEST_CASE("what cannot be a password or an address is refused without a hash") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  CHECK(refusal(site, "ann@example.org", std::string(1 << 20, 'x')) == "invalid-credentials");
  CHECK(refusal(site, "ann@example.org", std::string("correct horse\0", 14)) ==
        "invalid-credentials");
  CHECK(refusal(site, "' OR 1=1 --", "correct horse") == "invalid-credentials");
  CHECK(site.password.verified == 0);
}

TEST_CASE("a record under old parameters is replaced at sign-in") {
  Site site(db::Dialect::Sqlite);
  site.add("ann@example.org");
  site.run("UPDATE credentials SET record = 'old:correct horse'");
  site.signIn("ann@example.org", "correct horse");
  CHECK(site.count("SELECT COUNT(*) FROM credentials WHERE record = 'plain:correct horse'") == 1);
}

TEST_CASE("accents may be typed either way, also against a record that was made elsewhere") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const std::string two =
        "u\xcc\x88"
        "ber das Meer";
    const std::string one =
        "\xc3\xbc"
        "ber das Meer";
    const auto id = site.registration->add("a\xcc\x88nn@example.org", Secret(two));
    CHECK(site.signIn("\xc3\xa4nn@example.org", one).user_id == id);
    CHECK(site.signIn("\xc3\x84NN@example.org", two).user_id == id);
    CHECK(codeOf([&] { site.add("\xc3\xa4nn@example.org"); }) == ErrorCode::Conflict);
    // As another system may have kept it: of the bytes that its page sent.
    site.run("UPDATE credentials SET record = 'plain:" + two + "'");
    CHECK(refusal(site, "\xc3\xa4nn@example.org", one) == "invalid-credentials");
    CHECK(site.signIn("\xc3\xa4nn@example.org", two).user_id == id);
    CHECK(site.signIn("\xc3\xa4nn@example.org", one).user_id == id);
  }
}

TEST_CASE("a record made elsewhere of more than 72 bytes stays as it is") {
  // It may be one of bcrypt, which has not seen how such a password ends.
  for (const std::size_t bytes : {72, 73}) {
    Site site(db::Dialect::Sqlite);
    site.add("ann@example.org");
    const std::string password = "u\xcc\x88" + std::string(bytes - 3, 'x');
    const std::string record = "plain:" + password;
    site.run("UPDATE credentials SET record = '" + record + "'");
    site.signIn("ann@example.org", password);
    CHECK(site.count("SELECT COUNT(*) FROM credentials WHERE record = '" + record + "'") ==
          (bytes > 72 ? 1 : 0));
  }
}

TEST_CASE("a provider that defers passes on to the next, one that denies does not") {
  FakeRecordKeeper password;
  FakeDirectory directory;
  Site site(db::Dialect::Sqlite, {&password, &directory});
  directory.people["bob@example.org"] = "of the directory";
  directory.people["ann@example.org"] = "of the directory";
  site.add("ann@example.org");
  CHECK(site.signIn("bob@example.org", "of the directory").user_id > 0);
  CHECK(refusal(site, "ann@example.org", "of the directory") == "invalid-credentials");
  CHECK(refusal(site, "bob@example.org", "wrong") == "invalid-credentials");
}

TEST_CASE("a provider's user is made once, as a viewer, and only with a verified address") {
  FakeDirectory directory;
  Site site(db::Dialect::Sqlite, {&directory});
  directory.people["bob@example.org"] = "of the directory";
  directory.verified_mail = false;
  CHECK(refusal(site, "bob@example.org", "of the directory") == "invalid-credentials");
  directory.verified_mail = true;
  const auto first = site.signIn("bob@example.org", "of the directory").user_id;
  CHECK(site.signIn("bob@example.org", "of the directory").user_id == first);
  CHECK(site.directory.find(first)->role == Role::Viewer);
  CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.registered'") == 1);
}

TEST_CASE("a password that was replaced while the old one was verified lets nobody in") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    FakeRecordKeeper password;
    Site site(dialect, {&password});
    const auto id = site.add("ann@example.org");
    site.run("UPDATE credentials SET record = 'old:correct horse'");
    password.while_verifying = [&] { site.passwords->reset(id, Secret("a better horse")); };
    CHECK(refusal(site, "ann@example.org", "correct horse") == "invalid-credentials");
    CHECK(site.count("SELECT COUNT(*) FROM sessions") == 0);
    CHECK(site.signIn("ann@example.org", "a better horse").user_id == id);
  }
}

TEST_CASE("failures under one name are refused unasked beyond the limit, known or unknown alike") {
  FakeRecordKeeper password;
  Site site(db::Dialect::Sqlite, {&password}, {.account_failures = 3, .address_failures = 0});
  site.add("ann@example.org");
  for (const char* email : {"ann@example.org", "nobody@example.org"}) {
    INFO(email);
    for (int i = 0; i < 3; ++i) {
      CHECK(refusal(site, email, "wrong horse") == "invalid-credentials");
    }
    const int before = password.verified;
    CHECK(refusal(site, email, "correct horse") == "too-many-attempts");
    CHECK(refusal(site, emailUpper(email), "correct horse") == "too-many-attempts");
    CHECK(password.verified == before);
  }
  site.clock.advance(60'000);
  CHECK(site.signIn("ann@example.org").user_id > 0);
  CHECK(refusal(site, "ann@example.org", "wrong horse") == "invalid-credentials");
}
