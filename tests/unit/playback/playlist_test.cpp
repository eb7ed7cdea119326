// Playlists as golden text (RFC 8216): what a player reads, byte for byte.
#include "playback/playlist.h"

#include "catch.h"

#include <vector>

using namespace reeld::playback;

TEST_CASE("a master lists each rendition with what was measured of it") {
  const std::vector<Variant> variants = {
      {"480p/index.m3u8", "avc1.4d401e,mp4a.40.2", 1'735'000, 1'100'000, 854, 480, 25'000},
      {"1080p/index.m3u8", "avc1.640028,mp4a.40.2", 6'400'000, 4'000'000, 1920, 1080, 29'970}};
  CHECK(masterPlaylist(variants) ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1735000,AVERAGE-BANDWIDTH=1100000,"
        "CODECS=\"avc1.4d401e,mp4a.40.2\",RESOLUTION=854x480,FRAME-RATE=25.000\n"
        "480p/index.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=6400000,AVERAGE-BANDWIDTH=4000000,"
        "CODECS=\"avc1.640028,mp4a.40.2\",RESOLUTION=1920x1080,FRAME-RATE=29.970\n"
        "1080p/index.m3u8\n");
}

TEST_CASE("sounds to choose from are named, the one within the variants without a place") {
  const std::vector<Variant> variants = {
      {"480p/index.m3u8", "avc1.4d401e,mp4a.40.2", 1'735'000, 1'100'000, 854, 480, 25'000}};
  const std::vector<ListedSound> sounds = {
      {"", {"English", "en"}, true},
      {"audio-2/index.m3u8", {"Deutsch", "de"}, false},
      {"audio-3/index.m3u8", {"Deutsch 2", "de"}, false},
      {"audio-4/index.m3u8", {"x", "", SoundPurpose::Commentary}, false},
      {"audio-5/index.m3u8", {"y\"\n", "en", SoundPurpose::Description}, false},
      {"audio-6/index.m3u8", {"z", "en", SoundPurpose::ClearSpeech}, false}};
  const std::string begin = "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=";
  const std::string variant =
      "#EXT-X-STREAM-INF:BANDWIDTH=1735000,AVERAGE-BANDWIDTH=1100000,"
      "CODECS=\"avc1.4d401e,mp4a.40.2\",RESOLUTION=854x480,FRAME-RATE=25.000";
  CHECK(masterPlaylist(variants, sounds) ==
        "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n" + begin +
            "\"English\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\"\n" + begin +
            "\"Deutsch\",LANGUAGE=\"de\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"2\","
            "URI=\"audio-2/index.m3u8\"\n" +
            begin +
            "\"Deutsch 2\",LANGUAGE=\"de\",DEFAULT=NO,AUTOSELECT=NO,CHANNELS=\"2\","
            "URI=\"audio-3/index.m3u8\"\n" +
            begin + "\"x\",DEFAULT=NO,AUTOSELECT=NO,CHANNELS=\"2\",URI=\"audio-4/index.m3u8\"\n" +
            begin +
            "\"y\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,"
            "CHARACTERISTICS=\"public.accessibility.describes-video\",CHANNELS=\"2\","
            "URI=\"audio-5/index.m3u8\"\n" +
            begin +
            "\"z\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,"
            "CHARACTERISTICS=\"public.accessibility.enhances-speech-intelligibility\","
            "CHANNELS=\"2\",URI=\"audio-6/index.m3u8\"\n" +
            variant + ",AUDIO=\"audio\"\n480p/index.m3u8\n");
  // Nothing is to be chosen.
  CHECK(masterPlaylist(variants, std::span(sounds).first(1)) == masterPlaylist(variants));
}

TEST_CASE("a rendition of sound alone names no picture size") {
  const std::vector<Variant> variants = {
      {"audio/index.m3u8", "mp4a.40.2", 150'000, 140'000, 0, 0, 0}};
  CHECK(masterPlaylist(variants) ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=150000,AVERAGE-BANDWIDTH=140000,CODECS=\"mp4a.40.2\"\n"
        "audio/index.m3u8\n");
}

TEST_CASE("a finished playlist is VOD and ends") {
  const std::vector<ListedSegment> segments = {{"segment_000.ts", 4'004'000},
                                               {"segment_001.ts", 1'280'050}};
  CHECK(mediaPlaylist(5, segments, true) ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXTINF:4.004000,\nsegment_000.ts\n#EXTINF:1.280050,\nsegment_001.ts\n#EXT-X-ENDLIST\n");
}

TEST_CASE("a growing playlist is EVENT, does not end, and is a prefix of the finished one's list") {
  const std::vector<ListedSegment> segments = {{"segment_000.ts", 4'000'000}};
  const std::string text = mediaPlaylist(4, segments, false);
  CHECK(text ==
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXTINF:4.000000,\nsegment_000.ts\n");
}

TEST_CASE("segment files have at least three digits") {
  CHECK(segmentFileName(7) == "segment_007.ts");
  CHECK(segmentFileName(1234) == "segment_1234.ts");
}
