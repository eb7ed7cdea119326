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

TEST_CASE("the longest password signs in, however its characters are sent") {
  // 128 syllables of three letters each; sent apart they are three times as many bytes.
  std::string apart;
  std::string composed;
  for (int i = 0; i < 128; ++i) {
    apart += "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab";
    composed += "\xed\x95\x9c";
  }
  Site site(db::Dialect::Sqlite);
  const auto id = site.registration->signUp("ann@example.org", Secret(apart), nullptr);
  CHECK(site.signIn("ann@example.org", apart).user_id == *id);
  CHECK(site.signIn("ann@example.org", composed).user_id == *id);
  const int before = site.password.verified;
  CHECK(refusal(site, "ann@example.org", " " + apart.substr(9)) == "invalid-credentials");
  CHECK(site.password.verified == before + 2);
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

TEST_CASE("white space around a password is cut off where it is not part of it") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto id = site.add("ann@example.org");
    CHECK(site.signIn("ann@example.org", " correct horse\t").user_id == id);
    // A record that is older than the rule against it.
    site.run("UPDATE credentials SET record = 'plain:  correct horse '");
    CHECK(site.signIn("ann@example.org", "  correct horse ").user_id == id);
    CHECK(refusal(site, "ann@example.org", "correct horse") == "invalid-credentials");
    CHECK(refusal(site, "ann@example.org", " correct horse") == "invalid-credentials");
    CHECK(codeOf([&] { site.registration->add("bob@example.org", Secret(" correct horse")); }) ==
          ErrorCode::Invalid);
    // As much work for a stranger.
    for (const char* email : {"ann@example.org", "nobody@example.org"}) {
      const int before = site.password.verified;
      CHECK(refusal(site, email, " wrong horse ") == "invalid-credentials");
      CHECK(site.password.verified == before + 2);
    }
  }
}

TEST_CASE("a provider of its own records is asked likewise, and never for the empty password") {
  FakeDirectory directory;
  Site site(db::Dialect::Sqlite, {&directory});
  directory.people["bob@example.org"] = "of the directory";
  CHECK(site.signIn("bob@example.org", " of the directory ").user_id > 0);
  directory.people["eve@example.org"] = "";
  CHECK(refusal(site, "eve@example.org", "    ") == "invalid-credentials");
}

TEST_CASE("a provider that vouches for one mailbox opens no other's user") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    FakeDirectory directory;
    FakeRecordKeeper password;
    Site site(dialect, {&directory, &password});
    const std::string kelvin = "\xe2\x84\xaaim@example.org";
    directory.people[kelvin] = "of the directory";
    const auto kim = site.add("Kim@example.org");
    CHECK(refusal(site, kelvin, "of the directory") == "invalid-credentials");
    CHECK(site.signIn("kim@example.org").user_id == kim);
    directory.people["kim@EXAMPLE.org"] = "of the directory";
    CHECK(site.signIn("kim@EXAMPLE.org", "of the directory").user_id == kim);
  }
}

TEST_CASE("whom a provider vouches for does not share his user with who registered his address") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    FakeDirectory directory;
    FakeRecordKeeper password;
    Site site(dialect, {&directory, &password});
    const auto id =
        site.registration->signUp("bob@example.org", Secret("a stranger's horse"), nullptr);
    const auto stranger = site.signIn("bob@example.org", "a stranger's horse");
    REQUIRE(site.viewers.find(stranger.session_id, *id));
    directory.people["bob@example.org"] = "of the directory";
    const auto bob = site.signIn("bob@example.org", "of the directory");
    CHECK(bob.user_id == *id);
    CHECK_FALSE(site.viewers.find(stranger.session_id, *id));
    CHECK(site.viewers.find(bob.session_id, *id));
    directory.people.clear();
    CHECK(refusal(site, "bob@example.org", "a stranger's horse") == "invalid-credentials");
    CHECK(site.count("SELECT COUNT(*) FROM outbox WHERE type = 'user.email_verified'") == 1);
    // From now on it is his: what he does later stays.
    directory.people["bob@example.org"] = "of the directory";
    site.signIn("bob@example.org", "of the directory");
    CHECK(site.viewers.find(bob.session_id, *id));
  }
}

TEST_CASE("a stranger who registered an address keeps its owner from no later provider") {
  FakeDirectory directory;
  FakeRecordKeeper password;
  Site site(db::Dialect::Sqlite, {&password, &directory});
  const auto id =
      site.registration->signUp("bob@example.org", Secret("a stranger's horse"), nullptr);
  const auto stranger = site.signIn("bob@example.org", "a stranger's horse");
  // Neither does it help that he was shut out for a while.
  site.directory.setActive(*id, false, std::nullopt);
  site.directory.setActive(*id, true, std::nullopt);
  directory.people["bob@example.org"] = "of the directory";
  CHECK(site.signIn("bob@example.org", "of the directory").user_id == *id);
  CHECK_FALSE(site.viewers.find(stranger.session_id, *id));
  CHECK(refusal(site, "bob@example.org", "a stranger's horse") == "invalid-credentials");
  // Of one who is known here the password kept here decides.
  site.add("ann@example.org");
  directory.people["ann@example.org"] = "of the directory";
  CHECK(refusal(site, "ann@example.org", "of the directory") == "invalid-credentials");
}

TEST_CASE("who is on a provider's list costs the hash that a stranger costs") {
  FakeDirectory directory;
  FakeRecordKeeper password;
  Site site(db::Dialect::Sqlite, {&directory, &password});
  directory.people["bob@example.org"] = "of the directory";
  for (const char* email : {"bob@example.org", "nobody@example.org"}) {
    const int before = password.verified;
    CHECK(refusal(site, email, "wrong horse") == "invalid-credentials");
    CHECK(password.verified == before + 1);
  }
}

TEST_CASE("who has to activate is activated by a provider that vouches for him") {
  FakeDirectory directory;
  FakeRecordKeeper password;
  Site site(db::Dialect::Sqlite, {&directory, &password});
  const auto id = site.add("bob@example.org");
  site.run("UPDATE users SET awaits_activation = 1, email_unproved = 1");
  directory.people["bob@example.org"] = "of the directory";
  CHECK(site.signIn("bob@example.org", "of the directory").user_id == id);
  CHECK(site.count("SELECT COUNT(*) FROM credentials") == 0);
}

TEST_CASE("whose address was proved, or set by an administrator, keeps his password beside it") {
  FakeDirectory directory;
  FakeRecordKeeper password;
  Site site(db::Dialect::Sqlite, {&directory, &password});
  site.add("bob@example.org");
  directory.people["bob@example.org"] = "of the directory";
  site.signIn("bob@example.org", "of the directory");
  directory.people.clear();
  CHECK(site.signIn("bob@example.org").user_id > 0);
}

TEST_CASE("whoever has to wait is told before his password waits for its hash") {
  FakeRecordKeeper password;
  Site site(db::Dialect::Sqlite, {&password}, {.account_failures = 1, .address_failures = 0});
  const users::Client client{"192.0.2.1", "a test"};
  CHECK_NOTHROW(site.sign_in->admit("ann@example.org", client));
  CHECK(refusal(site, "ann@example.org", "wrong horse") == "invalid-credentials");
  CHECK(reasonOf([&] { site.sign_in->admit("ann@example.org", client); }) == "too-many-attempts");
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
