// Media in memory: found, bounded, forgotten; and the names of segments.
#include "playback/media_index.h"

#include "catch.h"
#include "fakes/fixed_clock.h"

using namespace reeld;
using namespace reeld::playback;

namespace {
std::shared_ptr<const Media> media(std::int64_t id, bool complete = true, std::size_t size = 100) {
  auto made = std::make_shared<Media>();
  made->encoding_id = id;
  made->complete = complete;
  made->master = std::make_shared<const std::string>(size, 'm');
  return made;
}
}  // namespace

TEST_CASE("media is found until it is dropped") {
  test::FixedClock clock;
  MediaIndex index(clock);
  CHECK_FALSE(index.find(1));
  index.put(media(1));
  CHECK(index.find(1)->encoding_id == 1);
  clock.advance(1'000'000'000);
  CHECK(index.find(1));
  index.drop(1);
  index.drop(1);
  CHECK_FALSE(index.find(1));
}

TEST_CASE("a growing encoding is believed for a second") {
  test::FixedClock clock;
  MediaIndex index(clock);
  index.put(media(1, false));
  clock.advance(999);
  CHECK(index.find(1));
  clock.advance(1);
  CHECK_FALSE(index.find(1));
}

TEST_CASE("what was not asked for longest goes first") {
  test::FixedClock clock;
  MediaIndex index(clock, 3 * (1000 + sizeof(Media)));
  for (const std::int64_t id : {1, 2, 3}) {
    index.put(media(id, true, 1000));
  }
  CHECK(index.find(1));
  index.put(media(4, true, 1000));
  CHECK_FALSE(index.find(2));
  CHECK(index.find(1));
  CHECK(index.find(3));
  index.put(media(5, true, 1 << 20));
  CHECK(index.find(5));
  CHECK_FALSE(index.find(1));
}

TEST_CASE("a segment has one name") {
  MediaRendition rendition;
  for (int i = 0; i < 1100; ++i) {
    rendition.segment_keys.push_back("key" + std::to_string(i));
  }
  CHECK(*segmentKey(rendition, "segment_000.ts") == "key0");
  CHECK(*segmentKey(rendition, "segment_042.ts") == "key42");
  CHECK(*segmentKey(rendition, "segment_1099.ts") == "key1099");
  for (const char* bad : {"", "segment_.ts", "segment_0.ts", "segment_00.ts", "segment_0001.ts",
                          "segment_1100.ts", "segment_-01.ts", "segment_0x1.ts", "segment_000.tsx",
                          "segment_000", "xsegment_000.ts", "segment_99999999999999999999.ts",
                          "../segment_000.ts", "segment_ 01.ts", "segment_+01.ts"}) {
    CHECK(segmentKey(rendition, bad) == nullptr);
  }
}
