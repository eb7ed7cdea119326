// Keys are made of ids and tokens of our own and can name nothing outside their folder.
#include "storage/blob_key.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::storage;

TEST_CASE("keys have the shape that every part of reeld agreed on") {
  CHECK(sourceKey(7, "tok-EN_1") == "videos/7/sources/tok-EN_1");
  CHECK(segmentKey(7, 12, "lease", "720p", 3) == "videos/7/encodings/12/lease/720p/segment_003.ts");
  CHECK(posterKey(7, "tok") == "videos/7/posters/tok.jpg");
  CHECK(videoPrefix(7) == "videos/7/");
}

TEST_CASE("segment names have three digits and more when they are needed") {
  CHECK(segmentName(0) == "segment_000.ts");
  CHECK(segmentName(999) == "segment_999.ts");
  CHECK(segmentName(1000) == "segment_1000.ts");
}

TEST_CASE("what could climb out of a folder is no key") {
  for (const char* key :
       {"", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a/.", "a b", "a\\b", "a\nb", "ä"}) {
    INFO(key);
    CHECK_FALSE(isBlobKey(key));
  }
  CHECK(isBlobKey("a"));
  CHECK(isBlobKey("a.b/c_d-e"));
  CHECK(isBlobKey(std::string(MaxKeyLength, 'a')));
  CHECK_FALSE(isBlobKey(std::string(MaxKeyLength + 1, 'a')));
  CHECK_THROWS_AS(sourceKey(1, "../../etc/passwd"), Error);
}
