// Objects of a storage without descriptors are sent from memory, and missing ones are not found.
#include "api/media_files.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"
#include "fakes/fake_storage.h"
#include "fakes/fixed_clock.h"

#include <unistd.h>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("an object without a descriptor is read into a file in memory, once") {
  FakeStorage storage;
  FixedClock clock;
  http::FileCache cache(4, clock);
  api::MediaFiles files(storage, cache);
  const std::string bytes = randomBytes(200'000);
  storage.objects["a/b"] = bytes;
  CHECK_FALSE(files.find("a/b"));
  const auto file = files.load("a/b");
  CHECK(file->size == bytes.size());
  std::string read(bytes.size(), '\0');
  REQUIRE(::pread(file->fd, read.data(), read.size(), 0) == static_cast<ssize_t>(read.size()));
  CHECK(read == bytes);
  CHECK(files.find("a/b") == file);
  // It cannot change: however long ago it was read, it is not read again.
  clock.advance(60'000);
  CHECK(files.find("a/b") == file);
}

TEST_CASE("files in memory are kept up to so many bytes, the last asked for") {
  FakeStorage storage;
  FixedClock clock;
  http::FileCache cache(100, clock);
  api::MediaFiles files(storage, cache);
  const std::string third(http::FileCache::MemoryBytes / 3, 'x');
  for (const char* key : {"a", "b", "c", "d"}) {
    storage.objects = {{key, third}};
    files.load(key);
    CHECK(files.find("a"));
  }
  CHECK_FALSE(files.find("b"));
  CHECK(files.find("c"));
  CHECK(files.find("d"));
  storage.objects = {{"e", third + third + third + third}};
  CHECK(files.load("e")->size == third.size() * 4);
  CHECK_FALSE(files.find("e"));
}

TEST_CASE("a missing object is not found") {
  FakeStorage storage;
  FixedClock clock;
  http::FileCache cache(4, clock);
  api::MediaFiles files(storage, cache);
  try {
    files.load("nowhere");
    FAIL("was found");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::NotFound);
  }
}
