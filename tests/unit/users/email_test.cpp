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

TEST_CASE("what cannot be seen is in no address, nor a domain that cannot be") {
  for (const char* address :
       {"a\xe2\x80\x8b"
        "dmin@example.org",
        "adm\xc2\x85in@example.org", "x\xe2\x80\xaegro@example.org", "y@exam\xc2\xa0ple.org",
        "nbsp\xc2\xa0@example.org",
        "w@ex\xe2\x80\xa8"
        "ample.org",
        "s\xc2\xad@example.org", "a@\xe2\x98\x83.example", "z@example\xe3\x80\x82org."}) {
    CAPTURE(address);
    CHECK_FALSE(emailFault(address).empty());
  }
}

TEST_CASE("a domain is one, whether its letters are encoded or not") {
  CHECK(emailKey("q@b\xc3\xbc"
                 "cher.example") == emailKey("Q@XN--BCHER-KVA.example"));
  const std::string key = emailKey("q@xn--bcher-kva.example");
  CHECK(emailKey(key) == key);
  CHECK(mailAddress("J\xc3\xb6rg@b\xc3\xbc"
                    "cher.Example") == "J\xc3\xb6rg@xn--bcher-kva.example");
  CHECK(mailAddress("Ann@Example.ORG") == "Ann@Example.ORG");
}

TEST_CASE("addresses with one key need not be one mailbox") {
  const std::string kelvin = "\xe2\x84\xaaim@example.org";
  CHECK(emailKey(kelvin) == emailKey("kim@example.org"));
  CHECK_FALSE(isSameMailbox(kelvin, "kim@example.org"));
  CHECK_FALSE(isSameMailbox("J\xc3\x96RG@example.org", "j\xc3\xb6rg@example.org"));
  CHECK_FALSE(isSameMailbox("kim@example.org", "kim@example.com"));
  CHECK_FALSE(isSameMailbox("kim", "kim"));
  CHECK(isSameMailbox("Kim@Example.org", "kim@example.ORG"));
  CHECK(
      isSameMailbox("kim@b\xc3\xbc"
                    "cher.example",
                    "Kim@xn--bcher-kva.example"));
}

TEST_CASE("case does not make another user, in the local part neither") {
  CHECK(emailKey("Ann@Example.ORG") == emailKey("ann@example.org"));
  CHECK(emailKey("JÖRG@example.org") == emailKey("jörg@example.org"));
  CHECK(emailKey("ann@example.org") != emailKey("anne@example.org"));
}
