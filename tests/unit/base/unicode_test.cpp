// One text, one spelling.
#include "base/unicode.h"

#include "catch.h"

using reeld::composed;

TEST_CASE("accents become one character, in the order Unicode wants") {
  CHECK(composed("") == "");
  CHECK(composed("plain ASCII \t\x7f") == "plain ASCII \t\x7f");
  CHECK(composed("u\xcc\x88") == "\xc3\xbc");  // u + diaeresis
  CHECK(composed("\xc3\xbc") == "\xc3\xbc");
  CHECK(composed("\xe2\x84\xab") == "\xc3\x85");                              // the angstrom sign
  CHECK(composed("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8") == "\xea\xb0\x81");  // a Hangul syllable
  // Dot below comes before dot above, however they were typed.
  CHECK(composed("s\xcc\x87\xcc\xa3") == composed("s\xcc\xa3\xcc\x87"));
  CHECK(composed("\xef\xac\x81") == "\xef\xac\x81");  // a ligature stays: form C, not KC
}

TEST_CASE("what is no UTF-8 stays as it is") {
  for (const char* bytes : {"\xff", "u\xcc", "\xed\xa0\x80", "\xc0\x80"}) {
    CHECK(composed(bytes) == bytes);
  }
}
