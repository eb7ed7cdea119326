// Which track of sound is heard with the pictures, and what the others are called.
#include "processing/sounds.h"

#include "catch.h"

using namespace reeld;
using namespace reeld::processing;

namespace {

AudioFacts track(int stream, const std::string& language = "", const std::string& title = "") {
  AudioFacts facts;
  facts.stream = stream;
  facts.channels = 2;
  facts.language = language;
  facts.title = title;
  return facts;
}

Sounds chosen(std::vector<AudioFacts> tracks) {
  SourceFacts facts;
  facts.audio = std::move(tracks);
  return chooseSounds(facts);
}

int mainOf(const std::vector<AudioFacts>& tracks) { return chosen(tracks).main->stream; }

std::vector<std::string> labels(const Sounds& sounds) {
  std::vector<std::string> all{sounds.main->label};
  for (const Sound& sound : sounds.alternates) {
    all.push_back(sound.label);
  }
  return all;
}
using TrackLabels = std::vector<std::string>;

}  // namespace

TEST_CASE("the main sound is the default one, else that of most channels, else the first") {
  CHECK_FALSE(chosen({}).main);
  CHECK(mainOf({track(1), track(2)}) == 1);
  AudioFacts wide = track(2);
  wide.channels = 6;
  CHECK(mainOf({track(1), wide, track(3)}) == 2);
  AudioFacts by_default = track(3);
  by_default.is_default = true;
  CHECK(mainOf({track(1), wide, by_default}) == 3);
  wide.is_default = true;
  CHECK(mainOf({by_default, wide}) == 2);
}

TEST_CASE("commentary and description are the main sound only where there is nothing else") {
  AudioFacts commentary = track(1);
  commentary.is_default = true;
  commentary.channels = 6;
  commentary.purpose = SoundPurpose::Commentary;
  AudioFacts description = commentary;
  description.stream = 2;
  description.purpose = SoundPurpose::Description;
  CHECK(mainOf({commentary, description, track(3)}) == 3);
  CHECK(mainOf({commentary, description}) == 1);
  AudioFacts clear = track(4);
  clear.channels = 6;
  clear.purpose = SoundPurpose::ClearSpeech;
  CHECK(mainOf({track(3), clear}) == 4);
}

TEST_CASE("every other track has a name and its place in the file") {
  const Sounds sounds = chosen({track(1, "eng"), track(4, "ger"), track(7, "und")});
  REQUIRE(sounds.alternates.size() == 2);
  CHECK(sounds.main->name.empty());
  CHECK(sounds.main->language == "en");
  CHECK(sounds.alternates[0].name == "audio-2");
  CHECK(sounds.alternates[0].stream == 4);
  CHECK(sounds.alternates[0].language == "de");
  CHECK(sounds.alternates[1].name == "audio-3");
  CHECK(sounds.alternates[1].language.empty());
}

TEST_CASE("labels tell tracks apart") {
  AudioFacts commentary = track(3, "eng");
  commentary.purpose = SoundPurpose::Commentary;
  CHECK(labels(chosen({track(1, "eng"), track(2, "eng"), commentary})) ==
        TrackLabels{"English", "English 2", "English (commentary)"});
  CHECK(labels(chosen({track(1, "eng", "Stereo"), track(2, "deu", "Stereo")})) ==
        TrackLabels{"English (Stereo)", "Deutsch (Stereo)"});
  CHECK(
      labels(chosen({track(1, "", "Stereo"), track(2, "", "Stereo"), track(3, "", "Stereo 2")})) ==
      TrackLabels{"Stereo", "Stereo 2", "Stereo 2 2"});
  CHECK(labels(chosen({track(1), track(2)})) == TrackLabels{"Audio 1", "Audio 2"});
}

TEST_CASE("a title that would leave its quotes or its line cannot") {
  const Sounds sounds = chosen({track(1, "eng", " a \"b\"\r\n#EXT-X-ENDLIST\t"),
                                track(2, "en\",URI=\"x", std::string(59, 'x') + "ééé")});
  CHECK(sounds.main->label == "a 'b'  #EXT-X-ENDLIST");
  CHECK(sounds.alternates[0].label == std::string(59, 'x'));
  CHECK(sounds.alternates[0].language.empty());
}

TEST_CASE("of very many tracks some are made, and the rest is reported") {
  std::vector<AudioFacts> many;
  for (int stream = 1; stream <= 11; ++stream) {
    many.push_back(track(stream));
  }
  many.back().is_default = true;
  SourceFacts facts;
  facts.audio = many;
  facts.undecodable = {{12, "ac4"}};
  const Sounds sounds = chooseSounds(facts);
  CHECK(sounds.main->stream == 11);
  CHECK(sounds.alternates.size() == MostSounds - 1);
  REQUIRE(sounds.left_out.size() == 4);
  CHECK(sounds.left_out[0].stream == 8);
  CHECK(sounds.left_out[0].why == "a title has at most 8 tracks of sound");
  CHECK(sounds.left_out[3].why == "it is coded as ac4, which is not supported");
}

TEST_CASE("what was chosen is kept with the plan") {
  AudioFacts description = track(2, "fra");
  description.purpose = SoundPurpose::Description;
  SourceFacts facts;
  facts.audio = {track(1, "eng"), description};
  facts.undecodable = {{3, "ac4"}};
  const Sounds before = chooseSounds(facts);
  const Json json = before.toJson();
  const Sounds after = Sounds::fromJson(&json);
  CHECK(after.main->label == "English");
  REQUIRE(after.alternates.size() == 1);
  CHECK(after.alternates[0].label == "Français (audio description)");
  CHECK(after.alternates[0].purpose == SoundPurpose::Description);
  CHECK(after.left_out.size() == 1);
  CHECK_FALSE(Sounds::fromJson(nullptr).main);
}
