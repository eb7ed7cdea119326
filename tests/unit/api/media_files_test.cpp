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
