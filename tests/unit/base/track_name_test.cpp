// What a stranger's file calls its tracks, as it may stand in a playlist.
#include "base/track_name.h"

#include "catch.h"

using namespace reeld;

TEST_CASE("a name of a track stays a name") {
  CHECK(trackName("Deutsch (Kommentar)", 60) == "Deutsch (Kommentar)");
  CHECK(trackName("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 60) ==
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e");
  CHECK(trackName("  \xc3\xa9t\xc3\xa9 ", 60) == "\xc3\xa9t\xc3\xa9");
}

TEST_CASE("it leaves neither its quotes nor its line, whatever ends one") {
  CHECK(trackName("a \"b\"", 60) == "a 'b'");
  for (const char* end : {"\n", "\r", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
    CHECK(trackName(std::string("a") + end + "#EXT", 60) == "a #EXT");
  }
}

TEST_CASE("nothing of it is unseen, or turns what follows") {
  for (const char* mark : {"\xe2\x80\xae", "\xe2\x81\xa7", "\xef\xbb\xbf"}) {
    CHECK(trackName(std::string(mark) + "abc" + mark, 60) == "abc");
  }
  CHECK(trackName("\xe2\x80\x8b", 60).empty());
  CHECK(trackName(" \t", 60).empty());
  CHECK(trackName("", 60).empty());
}

TEST_CASE("it is cut between characters") {
  CHECK(trackName("ab\xc3\xa4", 3) == "ab");
  CHECK(trackName("ab cd", 3) == "ab");
}
