// CMAF as text: the master, the playlists and the manifest of what is stored as transport streams.
#include "catch.h"
#include "playback/cmaf_playlist.h"
#include "playback/dash_manifest.h"

#include <numeric>

using namespace reeld::playback;

namespace {

/// 432 pictures at 25, cut where a source had its key frames, in two renditions with sound.
Media title() {
  Media media;
  media.complete = true;
  media.clock = {25, 1, 6};
  for (const auto& [name, width, height] :
       {std::tuple("480p", 854, 480), std::tuple("720p", 1280, 720)}) {
    MediaRendition& one = media.renditions.emplace_back();
    one.name = name;
    one.variant = {one.name + "/index.m3u8",
                   "avc1.4d401e,mp4a.40.2",
                   1'735'000,
                   1'100'000,
                   width,
                   height,
                   25'000};
    one.segment_keys = {"a", "b", "c", "d"};
    one.segment_frames = {144, 144, 144, 10};
  }
  return media;
}

Media soundAlone() {
  Media media = title();
  media.clock = {25, 1, 4};
  media.renditions.resize(1);
  media.renditions[0].name = "audio";
  media.renditions[0].variant = {"audio/index.m3u8", "mp4a.40.2", 136'000, 136'000, 0, 0, 0};
  media.renditions[0].segment_keys = {"a", "b"};
  media.renditions[0].segment_frames = {189, 50};
  return media;
}

std::vector<std::int64_t> durations(const Media& media, std::string_view name) {
  return timelineOf(media, *findCmafTrack(media, name)).durations;
}
using Durations = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("pictures are counted in frames, sound in the packets that begin in a segment") {
  const Media media = title();
  CHECK(durations(media, "480p") == Durations{144, 144, 144, 10});
  // 5.76 s are 270 packets exactly.
  CHECK(durations(media, "audio") == Durations{270 * 1024, 270 * 1024, 270 * 1024, 19 * 1024});
  Media ntsc = title();
  ntsc.clock.fps_num = 30'000;
  ntsc.clock.fps_den = 1001;
  CHECK(durations(ntsc, "720p") == Durations{144'144, 144'144, 144'144, 10'010});
  const Durations sound = durations(ntsc, "audio");
  CHECK(sound == Durations{226 * 1024, 225 * 1024, 225 * 1024, 16 * 1024});
}

TEST_CASE("sound alone has as many packets as were counted, without the one before its start") {
  CHECK(durations(soundAlone(), "audio") == Durations{188 * 1024, 50 * 1024});
}

TEST_CASE("the sound of a growing title is that of whichever rendition got furthest") {
  Media growing = title();
  growing.complete = false;
  growing.renditions[0].segment_keys = {"x"};
  growing.renditions[0].segment_frames = {144};
  CHECK(durations(growing, "audio").size() == 4);
  CHECK(findCmafTrack(growing, "audio")->stored == &growing.renditions[1]);
  growing.renditions[1].variant.codecs = "avc1.4d401e";
  CHECK(findCmafTrack(growing, "audio")->stored == &growing.renditions[0]);
  const Media whole = title();
  CHECK(findCmafTrack(whole, "audio")->stored == &whole.renditions[0]);
}

TEST_CASE(
    "every track of sound is a track of its own, named and described where there are several") {
  Media media = title();
  media.sound = {"English", "en"};
  MediaRendition german;
  german.name = "audio-2";
  german.variant = {"audio-2/index.m3u8", "mp4a.40.2", 136'000, 136'000, 0, 0, 0};
  german.segment_keys = {"e", "f", "g", "h"};
  german.segment_frames = {271, 270, 270, 19};
  media.alternates.push_back({german, {"<Deutsch>", "de", SoundPurpose::Description}});
  CHECK(durations(media, "audio-2") == durations(media, "audio"));
  CHECK(media.find("audio-2") == &media.alternates[0].rendition);
  CHECK(media.closest("audio-2") == nullptr);
  CHECK(cmafMaster(media, "/x/")
            .find("NAME=\"<Deutsch>\",LANGUAGE=\"de\",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="
                  "\"public.accessibility.describes-video\",CHANNELS=\"2\","
                  "URI=\"/x/audio-2/index.m3u8\"\n") != std::string::npos);
  const std::string manifest = dashManifest(media, "");
  const std::string role = "<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=";
  CHECK(manifest.find("<AdaptationSet id=\"1\" contentType=\"audio\" mimeType=\"audio/mp4\" "
                      "lang=\"en\" segmentAlignment=\"true\" startWithSAP=\"1\">\n"
                      "<Label>English</Label>" +
                      role + "\"main\"/>\n<SegmentTemplate") != std::string::npos);
  CHECK(manifest.find("<AdaptationSet id=\"2\" contentType=\"audio\" mimeType=\"audio/mp4\" "
                      "lang=\"de\" segmentAlignment=\"true\" startWithSAP=\"1\">\n"
                      "<Label>&lt;Deutsch&gt;</Label><Accessibility "
                      "schemeIdUri=\"urn:tva:metadata:cs:AudioPurposeCS:2007\" value=\"1\"/>" +
                      role + "\"description\"/>\n<SegmentTemplate") != std::string::npos);
}

TEST_CASE("sound alone has its other tracks beside it") {
  Media media = soundAlone();
  MediaRendition other = media.renditions[0];
  other.name = "audio-2";
  media.alternates.push_back({other, {"Deutsch", "de"}});
  const std::string master = cmafMaster(media, "");
  CHECK(master.find("NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\"\n") !=
        std::string::npos);
  CHECK(master.find("URI=\"audio-2/index.m3u8\"\n") != std::string::npos);
  CHECK(master.find("AUDIO=\"audio\"\naudio/index.m3u8\n") != std::string::npos);
}

TEST_CASE("no other names are tracks, and no other files segments") {
  const Media media = title();
  CHECK_FALSE(findCmafTrack(media, "1080p"));
  CHECK_FALSE(findCmafTrack(soundAlone(), "480p"));
  Media silent = title();
  for (MediaRendition& rendition : silent.renditions) {
    rendition.variant.codecs = "avc1.4d401e";
  }
  CHECK_FALSE(findCmafTrack(silent, "audio"));
  const CmafTrack track = *findCmafTrack(media, "480p");
  CHECK(cmafSegment(track, "0.m4s") == 0U);
  CHECK(cmafSegment(track, "3.m4s") == 3U);
  for (const char* odd : {"4.m4s", "00.m4s", "01.m4s", "-1.m4s", "+1.m4s", " 1.m4s", ".m4s", "1.ts",
                          "1", "99999999999999999999.m4s"}) {
    CHECK_FALSE(cmafSegment(track, odd));
  }
  CHECK(codecOf(track) == "avc1.4d401e");
  CHECK(codecOf(*findCmafTrack(media, "audio")) == "mp4a.40.2");
  CHECK(codecOf(*findCmafTrack(silent, "480p")) == "avc1.4d401e");
}

TEST_CASE("a master of fragmented MP4 has its sound apart") {
  CHECK(cmafMaster(title(), "/x/") ==
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,"
        "CHANNELS=\"2\",URI=\"/x/audio/index.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1735000,AVERAGE-BANDWIDTH=1100000,"
        "CODECS=\"avc1.4d401e,mp4a.40.2\",RESOLUTION=854x480,FRAME-RATE=25.000,AUDIO=\"audio\"\n"
        "/x/480p/index.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1735000,AVERAGE-BANDWIDTH=1100000,"
        "CODECS=\"avc1.4d401e,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO=\"audio\"\n"
        "/x/720p/index.m3u8\n");
  CHECK(cmafMaster(soundAlone(), "").find("#EXT-X-MEDIA:") == std::string::npos);
}

TEST_CASE("a playlist of fragmented MP4 names the head of its segments") {
  const Media media = title();
  CHECK(cmafIndex(media, *findCmafTrack(media, "480p")) ==
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n"
        "#EXTINF:5.760000,\n0.m4s\n#EXTINF:5.760000,\n1.m4s\n#EXTINF:5.760000,\n2.m4s\n"
        "#EXTINF:0.400000,\n3.m4s\n#EXT-X-ENDLIST\n");
}

TEST_CASE("a manifest says every time of every segment") {
  CHECK(dashManifest(title(), "/x/") ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
        "profiles=\"urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019\" "
        "type=\"static\" minBufferTime=\"PT2.000S\" mediaPresentationDuration=\"PT17.680S\" "
        "maxSegmentDuration=\"PT6.000S\">\n"
        "<BaseURL>/x/</BaseURL>\n"
        "<Period id=\"0\" start=\"PT0S\">\n"
        "<AdaptationSet id=\"0\" contentType=\"video\" mimeType=\"video/mp4\" "
        "segmentAlignment=\"true\" startWithSAP=\"1\">\n"
        "<SegmentTemplate timescale=\"25\" startNumber=\"0\" "
        "initialization=\"$RepresentationID$/init.mp4\" "
        "media=\"$RepresentationID$/$Number$.m4s\"><SegmentTimeline><S t=\"0\" d=\"144\" r=\"2\"/>"
        "<S d=\"10\"/></SegmentTimeline></SegmentTemplate>\n"
        "<Representation id=\"480p\" codecs=\"avc1.4d401e\" bandwidth=\"1735000\" width=\"854\" "
        "height=\"480\" frameRate=\"25\" sar=\"1:1\"/>\n"
        "<Representation id=\"720p\" codecs=\"avc1.4d401e\" bandwidth=\"1735000\" width=\"1280\" "
        "height=\"720\" frameRate=\"25\" sar=\"1:1\"/>\n"
        "</AdaptationSet>\n"
        "<AdaptationSet id=\"1\" contentType=\"audio\" mimeType=\"audio/mp4\" "
        "segmentAlignment=\"true\" startWithSAP=\"1\">\n"
        "<SegmentTemplate timescale=\"48000\" startNumber=\"0\" "
        "initialization=\"$RepresentationID$/init.mp4\" "
        "media=\"$RepresentationID$/$Number$.m4s\"><SegmentTimeline>"
        "<S t=\"0\" d=\"276480\" r=\"2\"/><S d=\"19456\"/></SegmentTimeline></SegmentTemplate>\n"
        "<Representation id=\"audio\" codecs=\"mp4a.40.2\" bandwidth=\"136000\" "
        "audioSamplingRate=\"48000\"><AudioChannelConfiguration "
        "schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"2\"/>"
        "</Representation>\n"
        "</AdaptationSet>\n</Period>\n</MPD>\n");
}
