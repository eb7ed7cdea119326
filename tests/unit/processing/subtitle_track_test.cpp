// Which tracks of a source become subtitles, and what they are called.
#include "processing/subtitle_track.h"

#include "catch.h"

using namespace reeld::processing;

namespace {

SubtitleFacts text(int stream, const std::string& language, const std::string& title = "") {
  SubtitleFacts facts;
  facts.stream = stream;
  facts.codec = "subrip";
  facts.language = language;
  facts.title = title;
  facts.is_text = true;
  return facts;
}

}  // namespace

TEST_CASE("a track is called as the file calls it, or by its language; no two alike") {
  SubtitleFacts forced = text(4, "ger");
  forced.is_forced = true;
  SubtitleFacts deaf = text(5, "eng");
  deaf.for_hearing_impaired = true;
  const auto tracks =
      subtitleTracks({text(2, "ger"), text(3, "deu"), forced, deaf, text(6, "und"),
                      text(7, "", "Audio commentary"), text(8, "pt-br", "Deutsch")});
  std::vector<std::string> names;
  std::vector<std::string> languages;
  for (const SubtitleTrack& track : tracks) {
    names.push_back(track.name);
    languages.push_back(track.language);
  }
  CHECK(names == std::vector<std::string>{"Deutsch", "Deutsch 2", "Deutsch (forced)",
                                          "English (SDH)", "Subtitles", "Audio commentary",
                                          "Deutsch 3"});
  CHECK(languages == std::vector<std::string>{"de", "de", "de", "en", "", "", "pt-BR"});
  CHECK(tracks[2].is_forced);
  CHECK(tracks[3].for_hearing_impaired);
}

TEST_CASE("a name leaves neither its quotes nor its line") {
  const auto name = [](const std::string& title) {
    return subtitleTracks({text(2, "en", title)}).front().name;
  };
  CHECK(name("He said \"no\"") == "He said 'no'");
  CHECK(name("a\r\n#EXT-X-ENDLIST") == "a  #EXT-X-ENDLIST");
  CHECK(name(" \t ") == "English");
  CHECK(name(std::string(79, 'x') + "\xc3\xa4") == std::string(79, 'x'));
  CHECK(name("\xe2\x80\x8b") == "English");
  // U+2028 ends a line where a player reads with JavaScript.
  CHECK(name("x\xe2\x80\xa8#EXT-X-MEDIA:TYPE=AUDIO") == "x #EXT-X-MEDIA:TYPE=AUDIO");
}

TEST_CASE("one track is the default, pictures and too many are left out with a reason") {
  std::vector<SubtitleFacts> facts;
  for (int i = 0; i < 20; ++i) {
    facts.push_back(text(i, "en"));
    facts.back().is_default = true;
  }
  facts[1].is_text = false;
  facts[1].codec = "hdmv_pgs_subtitle";
  const auto tracks = subtitleTracks(facts);
  REQUIRE(tracks.size() == 20);
  CHECK(tracks[0].is_default);
  CHECK(std::count_if(tracks.begin(), tracks.end(),
                      [](const SubtitleTrack& track) { return track.is_default; }) == 1);
  CHECK(tracks[1].note == "they are pictures (hdmv_pgs_subtitle), not text");
  CHECK(tracks[17].note == "there are more than 16");
  CHECK(wanted(tracks).size() == 16);
  CHECK(tracks[19].number == 20);
}
