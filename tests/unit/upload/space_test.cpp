// Room is promised once: to the first who asks, and never what must stay free.
#include "upload/space.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::upload;

namespace {

/// A disk of 1000 bytes.
struct Disk {
  std::uint64_t available = 1000;
  VolumeProbe probe() {
    return [this] { return Volume{.size = 1000, .available = available}; };
  }
};

std::string refusal(Space::Promise& promise, std::uint64_t bytes) {
  try {
    promise.grow(bytes);
    return "";
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Exhausted);
    return error.reason();
  }
}

}  // namespace

TEST_CASE("what was promised to one is not promised to another") {
  Disk disk;
  Space space(disk.probe(), {});
  Space::Promise first(space);
  Space::Promise second(space);
  CHECK(refusal(first, 600).empty());
  CHECK(refusal(second, 401) == "storage-full");
  CHECK(refusal(second, 400).empty());
}

TEST_CASE("the floor stays free, in bytes or as a share of the volume") {
  Disk disk;
  Space in_bytes(disk.probe(), {.bytes = 100, .percent = 0});
  Space::Promise first(in_bytes);
  CHECK(refusal(first, 901) == "storage-full");
  CHECK(refusal(first, 900).empty());
  Space in_percent(disk.probe(), {.bytes = 0, .percent = 5});
  Space::Promise second(in_percent);
  CHECK(refusal(second, 951) == "storage-full");
  CHECK(refusal(second, 950).empty());
}

TEST_CASE("a disk below its floor takes nothing") {
  Disk disk;
  disk.available = 40;
  Space space(disk.probe(), {.bytes = 0, .percent = 5});
  Space::Promise promise(space);
  CHECK(refusal(promise, 1) == "storage-full");
}

TEST_CASE("written bytes are counted once: by the disk, no longer by the promise") {
  Disk disk;
  Space space(disk.probe(), {});
  Space::Promise first(space);
  first.grow(600);
  first.wrote(500);
  disk.available = 500;
  Space::Promise second(space);
  CHECK(refusal(second, 401) == "storage-full");
  CHECK(refusal(second, 400).empty());
}

TEST_CASE("a promise that ends gives its room back") {
  Disk disk;
  Space space(disk.probe(), {});
  {
    Space::Promise cut(space);
    cut.grow(1000);
  }
  Space::Promise next(space);
  CHECK(refusal(next, 1000).empty());
}

TEST_CASE("the real volume says how large it is") {
  const Volume volume = probeVolume("/");
  CHECK(volume.size > 0);
  CHECK(volume.available <= volume.size);
  CHECK_THROWS_AS(probeVolume("/no/such/folder"), Error);
}
