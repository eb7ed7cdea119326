// Subtitles are taken out beside the pictures, and whatever becomes of them, the title is READY.
#include "processing/encoding_repository.h"
#include "processing/storage_scan.h"
#include "processing/subtitle_repository.h"
#include "processing/video_inspection.h"
#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

namespace {

std::vector<SubtitleTrack> tracksOf(Studio& studio) {
  return studio.database->read([](db::Session& session) {
    const auto encoding = newestEncoding(session, 1);
    return encoding ? subtitlesOf(session, encoding->id) : std::vector<SubtitleTrack>();
  });
}

std::string whyOf(Studio& studio, catalog::VideoId id) {
  return VideoInspection(*studio.database, studio.storage).why(id).dump();
}

}  // namespace

TEST_CASE("text is taken out of a title, stored and told of; pictures of text are named") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload("talk 3 9");
      studio.runOne();
      const auto video = studio.video(id);
      CHECK(video.state == catalog::VideoState::Ready);
      CHECK(video.subtitles_json ==
            R"([{"language":"de","name":"Deutsch","default":false,"forced":false,)"
            R"("hearing_impaired":false},{"language":"en","name":"English","default":false,)"
            R"("forced":false,"hearing_impaired":false}])");
      const auto tracks = tracksOf(studio);
      REQUIRE(tracks.size() == 3);
      CHECK(tracks[0].cues == 1);
      CHECK(tracks[0].note.empty());
      CHECK(studio.storage.get(tracks[0].storage_key).starts_with("WEBVTT"));
      CHECK(tracks[0].storage_key.ends_with("/subtitles/track_001.vtt"));
      CHECK(tracks[1].isLeftOut());
      CHECK(tracks[2].note == "4 of them show nothing, or cannot be shown");
      const std::string why = whyOf(studio, id);
      CHECK(why.find("subtitles 2 (en, \\\"English\\\") are left out: they are pictures (subrip), "
                     "not text") != std::string::npos);
      CHECK(why.find("subtitles 1 (de, \\\"Deutsch\\\"): 1 cues") != std::string::npos);
      const auto report = StorageScan(*studio.database, studio.storage, studio.system_clock)
                              .run(false, [](const ScanReport&) {});
      CHECK(report.orphans + report.missing == 0);
      studio.storage.remove(tracks[0].storage_key);
      CHECK(StorageScan(*studio.database, studio.storage, studio.system_clock)
                .run(false, [](const ScanReport&) {})
                .missing_keys == std::vector{tracks[0].storage_key});
      CHECK(VideoInspection(*studio.database, studio.storage)
                .verify(id)
                .dump()
                .find("subtitles 1 are missing") != std::string::npos);
    }
  }
}

TEST_CASE("what becomes of subtitles is no matter of the title's") {
  struct Fault {
    const char* source;
    const char* why;
    std::size_t made;
  };
  for (const Fault& fault :
       {Fault{"talk 3 12", "they cannot be decoded", 1}, Fault{"talk 3 13", "they show nothing", 1},
        Fault{"talk 3 14", "could not be taken out: the file cannot be read any further", 0},
        Fault{"talk 3 10", "could not be taken out: this is no WebVTT file", 0},
        Fault{"talk 3 11", "could not be taken out", 0}}) {
    DYNAMIC_SECTION(fault.source) {
      Studio studio(db::Dialect::Sqlite);
      const auto id = studio.upload(fault.source);
      for (int tries = 0; tries < 4 && studio.video(id).state != catalog::VideoState::Ready;
           ++tries) {
        studio.runOne();
        CHECK(studio.video(id).playable());
      }
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK_FALSE(studio.video(id).damaged);
      CHECK(whyOf(studio, id).find(fault.why) != std::string::npos);
      const auto tracks = tracksOf(studio);
      CHECK(tracks.size() == 3);
      CHECK(static_cast<std::size_t>(
                std::count_if(tracks.begin(), tracks.end(), [](const SubtitleTrack& track) {
                  return !track.storage_key.empty();
                })) == fault.made);
      // What a try stored that came to nothing is gone.
      const auto keys = studio.encodedKeys();
      CHECK(static_cast<std::size_t>(std::count_if(
                keys.begin(), keys.end(),
                [](const std::string& key) { return key.ends_with(".vtt"); })) == fault.made);
    }
  }
}

TEST_CASE("pictures come before subtitles") {
  Studio studio(db::Dialect::Sqlite);
  const auto id = studio.upload("talk 3 4");
  studio.make();
  CHECK(studio.runner->runOne());  // plan
  CHECK(studio.count("SELECT COUNT(*) FROM jobs WHERE state = 'available' AND kind = "
                     "'encode-subtitles' AND priority > (SELECT MAX(priority) FROM jobs WHERE kind "
                     "= 'encode-range')") == 1);
  while (studio.runner->runOne()) {
    CHECK(studio.video(id).playable());
  }
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
}

TEST_CASE(
    "a title that is made anew has the subtitles of its new encoding alone, and purged none") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload("talk 3 4");
      studio.runOne();
      const auto before = tracksOf(studio);
      studio.database->transact([&](db::Session& session) { studio.queue.reprocess(session, id); });
      studio.runOne();
      const auto after = tracksOf(studio);
      REQUIRE(before.size() == after.size());
      CHECK(before[0].storage_key != after[0].storage_key);
      CHECK_FALSE(studio.storage.get(after[0].storage_key).empty());
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
    }
  }
}
