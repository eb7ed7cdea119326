// CMAF made of what is stored, kept while there is room, refused when it cannot be a segment.
#include "api/cmaf_files.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fake_storage.h"
#include "fakes/fixed_clock.h"
#include "fakes/ts_segment.h"

using namespace reeld;
using namespace reeld::test;

namespace {

playback::Media title() {
  playback::Media media;
  media.clock = {25, 1, 4};
  playback::MediaRendition& one = media.renditions.emplace_back();
  one.name = "360p";
  one.variant.codecs = "avc1.4d401e";
  one.variant.width = 640;
  one.variant.height = 360;
  one.segment_keys = {"segment"};
  one.segment_frames = {100};
  return media;
}

}  // namespace

TEST_CASE("a fragment is made once, and kept however long nobody asks for it") {
  FakeStorage storage;
  FixedClock clock;
  api::CmafFiles files(storage, clock);
  const auto media = title();
  const auto track = *findCmafTrack(media, "360p");
  storage.objects["segment"] = tsSegment({});
  CHECK_FALSE(files.findSegment(track, 0));
  const auto file = files.loadSegment(media, track, 0);
  REQUIRE(file);
  storage.objects.clear();
  clock.advance(60'000);
  CHECK(files.findSegment(track, 0) == file);
  CHECK_FALSE(files.loadInit(media, track));
}

TEST_CASE("a stored object too large to be a segment is damage, and is not read to its end") {
  FakeStorage storage;
  FixedClock clock;
  api::CmafFiles files(storage, clock);
  const auto media = title();
  storage.objects["segment"] = std::string((std::size_t{128} << 20U) + 1, 'x');
  try {
    files.loadSegment(media, *findCmafTrack(media, "360p"), 0);
    FAIL("was made");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Corrupt);
    CHECK(std::string(error.what()).find("larger") != std::string::npos);
  }
}
