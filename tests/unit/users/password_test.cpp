// The length of passwords is counted in characters, and nothing is cut off silently.
#include "users/password.h"

#include "catch.h"

#include <string>

using namespace reeld::users;

TEST_CASE("passwords have 8 to 128 characters") {
  CHECK(passwordFault(std::string(8, 'x')).empty());
  CHECK(passwordFault(std::string(128, 'x')).empty());
  CHECK(passwordFault("пароль12").empty());
  CHECK(passwordFault("").find("at least 8") != std::string_view::npos);
  CHECK(passwordFault("1234567").find("at least 8") != std::string_view::npos);
  CHECK(passwordFault("пароль1").find("at least 8") != std::string_view::npos);
  CHECK(passwordFault(std::string(129, 'x')).find("at most 128") != std::string_view::npos);
}

TEST_CASE("an accent is one character, however it is spelt") {
  const std::string two = "u\xcc\x88";
  CHECK(passwordFault("xyzabc" + two).find("at least 8") != std::string_view::npos);
  CHECK(passwordFault("xyzabcd" + two).empty());
}

TEST_CASE("a password with NUL or broken UTF-8 is refused") {
  CHECK_FALSE(passwordFault(std::string("12345678\0x", 10)).empty());
  CHECK_FALSE(passwordFault("12345678\xff").empty());
  CHECK_FALSE(passwordFault("12345678\xed\xa0\x80").empty());
}

TEST_CASE("a password has no white space around it, and may have some within") {
  for (const char* padded : {" a long secret", "a long secret\n",
                             "\xc2\xa0"
                             "a long secret",
                             "         "}) {
    CAPTURE(padded);
    CHECK(passwordFault(padded).find("white space") != std::string_view::npos);
  }
  CHECK(passwordFault("a long secret").empty());
}

TEST_CASE("what everybody tries first is no password, nor is one's own address") {
  for (const char* common :
       {"password", "PassWord1", "12345678", "87654321", "aaaaaaaa", "qwertyuiop", "iloveyou"}) {
    CAPTURE(common);
    CHECK(passwordFault(common).find("tried first") != std::string_view::npos);
  }
  CHECK(passwordFault("Ann.Smith@example.org", "ann.smith@example.org").find("e-mail") !=
        std::string_view::npos);
  CHECK(passwordFault("ann.smith", "ann.smith@example.org").find("e-mail") !=
        std::string_view::npos);
  CHECK(passwordFault("ann.smith", "bob@example.org").empty());
  CHECK(passwordFault("correct horse").empty());
}
