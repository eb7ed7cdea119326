// One text, one spelling.
#include "base/unicode.h"

#include "catch.h"

using reeld::composed;
using reeld::folded;
using reeld::hasUnseen;
using reeld::isVisible;
using reeld::trimmed;
using reeld::words;
using List = std::vector<std::string>;

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

TEST_CASE("white space around a text is cut off, whatever its width") {
  CHECK(trimmed("").empty());
  CHECK(trimmed(" \xe3\x80\x80").empty());
  CHECK(trimmed("\xc2\xa0 a b\t\xe2\x80\xa8") == "a b");
  CHECK(trimmed("\xc3\xa9 x \xc3\xa9") == "\xc3\xa9 x \xc3\xa9");
}

TEST_CASE("what has no look of its own is seen all the same") {
  for (const char* text : {"a\xe2\x80\x8b", "\xc2\x85", "x\xe2\x80\xae",
                           "a\xc2\xa0"
                           "b",
                           "\xe2\x80\xa8", "\xc2\xad", "a b", "\t", "\xff"}) {
    CAPTURE(text);
    CHECK(hasUnseen(text));
  }
  for (const char* text :
       {"", "plain", "j\xc3\xb6rg", "u\xcc\x88", "\xe6\x97\xa5", "\xf0\x9f\x98\x80"}) {
    CAPTURE(text);
    CHECK_FALSE(hasUnseen(text));
  }
}

TEST_CASE("what is no UTF-8 stays as it is") {
  for (const char* bytes : {"\xff", "u\xcc", "\xed\xa0\x80", "\xc0\x80"}) {
    CHECK(composed(bytes) == bytes);
  }
}

TEST_CASE("texts that differ in case alone are folded to the same") {
  CHECK(folded("Big Buck BUNNY 3D!") == "big buck bunny 3d!");
  CHECK(folded("STRASSE") == folded("stra\xc3\x9f"
                                    "e"));
  CHECK(folded("\xc3\x9c"
               "BER") == folded("u\xcc\x88"
                                "ber"));
  CHECK(folded("\xef\xac\x81lm") == "film");  // the ligature fi
  CHECK(folded("\xff") == "\xff");
}

TEST_CASE("words are runs of letters and digits, folded, in order") {
  CHECK(words("").empty());
  CHECK(words(" -- !? ").empty());
  CHECK(words("Tears of Steel (2012), 4K") == List{"tears", "of", "steel", "2012", "4k"});
  CHECK(words("it's <b>bold</b>") == List{"it", "s", "b", "bold", "b"});
  CHECK(words("\xc3\x9c"
              "ber-Flu\xc3\x9f") == List{"\xc3\xbc"
                                         "ber",
                                         "fluss"});
  CHECK(words("a\xff"
              "b") == List{"a", "b"});
}

TEST_CASE("scripts without spaces give a word per character") {
  CHECK(words("\xe5\xa4\xa7\xe9\x9b\x84 x") == List{"\xe5\xa4\xa7", "\xe9\x9b\x84", "x"});
}

TEST_CASE("what leaves nothing on a page is told from what a reader sees") {
  for (const std::string nothing :
       {"",       " ",          "\t\r\n",       "\x7f",   "\u00a0", "\u00ad",
        "\u034f", "\u115f",     "\u200b\u200d", "\u202e", "\u2028", "\u2060",
        "\u2800", "\u3000",     "\u3164",       "\ufe0f", "\ufeff", "\uffa0",
        "\u0301", "\U000e0041", "\xff",         "\xc3"}) {
    CAPTURE(nothing);
    CHECK_FALSE(isVisible(nothing));
  }
  for (const std::string something :
       {"a", " - ", "\u200b.", "\xc3 x", "\u00e9", "e\u0301", "\u0e2a", "\u5927", "\u3042",
        "\u0967", "\U0001f600", "\u2764\ufe0f", "\ue000"}) {
    CAPTURE(something);
    CHECK(isVisible(something));
  }
}
