// Subtitles as playlists and manifests name them.
#include "playback/subtitles.h"

#include "catch.h"
#include "cinema.h"
#include "playback/cmaf_playlist.h"
#include "playback/dash_manifest.h"

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;

namespace {

Subtitles german() { return {1, "de", "Deutsch", true, false, false, "key"}; }

Media mediaLasting(const std::vector<std::int64_t>& durations) {
  Media media;
  media.complete = true;
  media.renditions.emplace_back();
  media.renditions.front().segment_us = durations;
  media.subtitles = {german(), {3, "", "A & B", false, true, true, "other"}};
  return media;
}

}  // namespace

TEST_CASE("a master names each track with its language and its kind") {
  CHECK(listedSubtitles({}, "").empty());
  CHECK(listedSubtitles(mediaLasting({}).subtitles, "/x/") ==
        "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"Deutsch\",LANGUAGE=\"de\","
        "DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI=\"/x/subtitles/1/index.m3u8\"\n"
        "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"A & B\",DEFAULT=NO,"
        "AUTOSELECT=YES,FORCED=YES,CHARACTERISTICS=\"public.accessibility.transcribes-spoken-"
        "dialog,public.accessibility.describes-music-and-sound\","
        "URI=\"/x/subtitles/3/index.m3u8\"\n");
}

TEST_CASE("a manifest has a file for each track, and its name cannot leave it") {
  const Media media = mediaLasting({4'000'000});
  CHECK(dashSubtitles(media.subtitles[0], 2) ==
        "<AdaptationSet id=\"2\" contentType=\"text\" mimeType=\"text/vtt\" lang=\"de\">"
        "<Label>Deutsch</Label><Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"subtitle\"/>"
        "<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"main\"/>"
        "<Representation id=\"subtitles-1\" bandwidth=\"1000\">"
        "<BaseURL>subtitles/1/all.vtt</BaseURL></Representation></AdaptationSet>\n");
  const std::string other = dashSubtitles(media.subtitles[1], 3);
  CHECK(other.find("<Label>A &amp; B</Label>") != std::string::npos);
  CHECK(other.find("forced-subtitle") != std::string::npos);
  CHECK(other.find("lang=") == std::string::npos);
}

TEST_CASE("pieces are whole segments, a minute of them, and fill the title") {
  Media media = mediaLasting(std::vector<std::int64_t>(35, 4'000'000));
  media.renditions.front().segment_us.push_back(500'000);
  const auto pieces = subtitlePieces(media);
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].to_us == 60'000'000);
  CHECK(pieces[1].from_us == 60'000'000);
  CHECK(pieces[2].to_us == 140'500'000);
  CHECK(subtitlePlaylist(media) ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:60\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXTINF:60.000000,\n0.vtt\n"
        "#EXTINF:60.000000,\n1.vtt\n#EXTINF:20.500000,\n2.vtt\n#EXT-X-ENDLIST\n");
  CHECK(subtitlePieces(Media{}).empty());
}

TEST_CASE("a track and a piece have one name each") {
  const Media media = mediaLasting({4'000'000});
  CHECK(findSubtitles(media, "3")->name == "A & B");
  for (const char* odd : {"", "2", "01", "1x", "-1", " 1", "18446744073709551617"}) {
    CHECK(findSubtitles(media, odd) == nullptr);
  }
  CHECK(subtitlePieceNumber("0.vtt", 2) == 0);
  CHECK(subtitlePieceNumber("1.vtt", 2) == 1);
  for (const char* odd : {"2.vtt", "00.vtt", "0", ".vtt", "0.ts", "x.vtt"}) {
    CHECK_FALSE(subtitlePieceNumber(odd, 2));
  }
}

TEST_CASE(
    "subtitles are listed of a complete encoding, of what can be read, wherever the master is") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      cinema.run(
          "INSERT INTO subtitles (encoding_id, number, language, name, is_default, is_forced, "
          "for_hearing_impaired, cues, bytes, storage_key, note) VALUES "
          "(1, 1, 'de', 'Deutsch', 1, 0, 0, 2, 90, 'keys/vtt', ''), "
          "(1, 2, 'en', 'English', 0, 0, 0, 0, 0, NULL, 'they are pictures')");
      const auto media = cinema.playback.load(1);
      REQUIRE(media->subtitles.size() == 1);
      CHECK(media->subtitles.front().storage_key == "keys/vtt");
      CHECK(media->master->find("SUBTITLES=\"subtitles\"\n480p/index.m3u8") != std::string::npos);
      CHECK(media->master->find("URI=\"subtitles/1/index.m3u8\"") != std::string::npos);
      CHECK(media->masterBelow("/base/").find("URI=\"/base/subtitles/1/index.m3u8\"") !=
            std::string::npos);
      CHECK(cmafMaster(*media, "").find("TYPE=SUBTITLES") != std::string::npos);
      CHECK(dashManifest(*media, "").find("subtitles/1/all.vtt") != std::string::npos);
      cinema.run("UPDATE encodings SET state = 'growing' WHERE id = 1");
      CHECK(cinema.playback.load(1)->master->find("SUBTITLES") == std::string::npos);
    }
  }
}
