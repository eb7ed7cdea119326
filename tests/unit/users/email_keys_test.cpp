// Users who were there before domains had one spelling still sign in.
#include "users/email_keys.h"

#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::test;

TEST_CASE("keys of encoded domains are renewed, and those of two users with one address are left") {
  const auto dialect = GENERATE(from_range(engines()));
  DYNAMIC_SECTION(nameOf(dialect)) {
    Site site(dialect);
    const auto id = site.add("q@xn--bcher-kva.example");
    const auto other = site.add("two@example.org");
    site.run("UPDATE users SET email_key = 'q@xn--bcher-kva.example' WHERE email LIKE 'q@%'");
    site.run(
        "UPDATE users SET email = 'Q@XN--BCHER-KVA.example', email_key = 'Q@xn--bcher-kva.example' "
        "WHERE email LIKE 'two@%'");
    CHECK(reasonOf([&] { site.signIn("q@xn--bcher-kva.example"); }) == "invalid-credentials");
    for (int i = 0; i < 2; ++i) {
      users::renewEmailKeys(*site.database, site.sandbox.log);
      CHECK(site.signIn("q@xn--bcher-kva.example").user_id == id);
      CHECK(site.signIn("q@b\xc3\xbc"
                        "cher.example")
                .user_id == id);
    }
    CHECK(site.count(
              "SELECT COUNT(*) FROM users WHERE email_key = 'Q@xn--bcher-kva.example' AND id = " +
              std::to_string(other)) == 1);
  }
}
