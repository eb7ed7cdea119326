// What is an e-mail address, and when two are one.
#include "users/email.h"

#include "catch.h"

#include <string>

using namespace reeld::users;

TEST_CASE("ordinary addresses are taken") {
  for (const char* address :
       {"ann@example.org", "Ann.Lee+films@mail.example.co.uk", "o'neil@example.org", "a@b.cd",
        "reeld@localhost", "jörg@münchen.example", "x_y-z@xn--mnchen-3ya.example", "1@2.example"}) {
    INFO(address);
    CHECK(emailFault(address).empty());
  }
}

TEST_CASE("what is no address is refused") {
  for (const std::string& address : {std::string(),
                                     std::string("ann"),
                                     std::string("ann@"),
                                     std::string("@example.org"),
                                     std::string("ann@example"),
                                     std::string("ann@@example.org"),
                                     std::string("a b@example.org"),
                                     std::string(".ann@example.org"),
                                     std::string("ann.@example.org"),
                                     std::string("a..b@example.org"),
                                     std::string("ann@example..org"),
                                     std::string("ann@-example.org"),
                                     std::string("ann@example-.org"),
                                     std::string("ann@example.org."),
                                     std::string("ann@[127.0.0.1]"),
                                     std::string("\"ann\"@example.org"),
                                     std::string("ann@example.org\r\nBcc: all@example.org"),
                                     std::string("ann\0@example.org", 16),
                                     std::string("ann\t@example.org"),
                                     std::string("\xff@example.org"),
                                     std::string(65, 'a') + "@example.org",
                                     "a@" + std::string(64, 'b') + ".org",
                                     std::string(250, 'a') + "@b.cd",
                                     std::string("<ann@example.org>")}) {
    INFO(address);
    CHECK_FALSE(emailFault(address).empty());
  }
}

TEST_CASE("case does not make another user, in the local part neither") {
  CHECK(emailKey("Ann@Example.ORG") == emailKey("ann@example.org"));
  CHECK(emailKey("JÖRG@example.org") == emailKey("jörg@example.org"));
  CHECK(emailKey("ann@example.org") != emailKey("anne@example.org"));
}
