// What a line of an ASS script says as the text of a WebVTT cue, and the file that cues become.
#include "subtitle_text.h"

#include "catch.h"
#include "cue_list.h"

using namespace reeld::libav;

namespace {

std::string said(const std::string& text) {
  return subtitleText("0,0,Default,,0,0,0,," + text).text;
}

}  // namespace

TEST_CASE("lines, italics, bold and underlining stay; positions, colours and drawings go") {
  CHECK(said("one\\Ntwo, three") == "one\ntwo, three");
  CHECK(said("{\\i1}one{\\i0} two") == "<i>one</i> two");
  CHECK(said("{\\b1\\i1}one{\\b0}two") == "<i><b>one</b></i><i>two</i>");
  CHECK(said("{\\u1}one") == "<u>one</u>");
  CHECK(said("{\\b700}one{\\r} two{\\b400}") == "<b>one</b> two");
  CHECK(said("{\\pos(1,2)\\c&HFF0000&\\fs20\\blur2\\be1\\fnArial}one") == "one");
  CHECK(said("{\\p1}m 0 0 l 100 0{\\p0}one{a comment}") == "one");
  CHECK(said("one\\htwo") == "one\xc2\xa0two");
  CHECK(subtitleText("0,0,Default,,0,0,0,,{\\an8}one").at_top);
  CHECK_FALSE(subtitleText("0,0,Default,,0,0,0,,{\\an2}one").at_top);
}

TEST_CASE("nothing in a text can end its cue, begin another or be markup") {
  CHECK(said("00:01.000 --> 00:02.000") == "00:01.000 --&gt; 00:02.000");
  CHECK(said("a\\N\\N\\Nb") == "a\nb");
  CHECK(said("\\N \\Na\\N") == "a");
  CHECK(said("a\n\n\nb") == "a\nb");
  CHECK(said("<script>x</script> & <i>") == "&lt;script&gt;x&lt;/script&gt; &amp; &lt;i&gt;");
  CHECK(said("a\r\nb\tc\x01"
             "d") == "a\nb cd");
  CHECK(said("a\xe2\x80\xa8"
             "b") == "ab");
}

TEST_CASE("braces and backslashes that are text stay text") {
  CHECK(said("\\{not a tag\\} \\\\ \\x") == "{not a tag} \\ \\x");
  CHECK(said("open {brace") == "open {brace");
}

TEST_CASE("broken UTF-8 is replaced, byte by byte, and too much is cut at a character") {
  CHECK(said("caf\xe9!") == "caf\xef\xbf\xbd!");
  CHECK(said("\xc3") == "\xef\xbf\xbd");
  std::string much;
  for (int i = 0; i < 4000; ++i) {
    much += "\xe2\x82\xac";
  }
  const std::string cut = said("{\\i1}" + much);
  CHECK(cut.size() <= 4096 + 8);
  CHECK(cut.ends_with("\xe2\x82\xac</i>"));
}

TEST_CASE("what shows nothing is empty") {
  for (const char* nothing : {"", " ", "\\N", "{\\i1}{\\i0}", "\\h", "{\\p1}m 0 0", "\x01"}) {
    CHECK(said(nothing).empty());
  }
  CHECK(subtitleText("no fields").text.empty());
}

TEST_CASE("cues are bounded, sorted, within the title, and no layer is shown twice") {
  CueList cues(4, 10'000);
  cues.add(5000, 6000, {"late", false});
  cues.add(-1000, 1000, {"early", true});
  cues.add(5000, 6000, {"late", false});
  cues.add(5000, 5500, {"short", false});
  cues.add(7000, 8000, {"too many", false});
  CHECK(cues.count() == 4);
  CHECK(cues.dropped() == 1);
  CHECK(cues.print() ==
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000 line:0\nearly\n\n00:00:05.000 --> 00:00:05.500\n"
        "short\n\n00:00:05.000 --> 00:00:06.000\nlate\n");
  CueList none(10, 10'000);
  none.add(2000, 2000, {"no time", false});
  none.add(2000, 1000, {"back", false});
  none.add(-5000, -1000, {"before", false});
  none.add(0, 1000, {"", false});
  CHECK(none.count() == 0);
  CHECK(none.dropped() == 4);
  CueList small(10, 150);
  small.add(0, 1000, {"fits", false});
  small.add(0, 1000, {std::string(100, 'x'), false});
  CHECK(small.count() == 1);
  CHECK(small.print().size() <= 150);
}
