// What a child left in its folder is opened as a plain file below it, and as nothing else.
#include "processing/task_folder.h"

#include "base/error.h"
#include "catch.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace reeld;
using namespace reeld::processing;
namespace fs = std::filesystem;

namespace {

std::string newFolder() {
  std::string name = fs::temp_directory_path() / "reeld-task-XXXXXX";
  REQUIRE(mkdtemp(name.data()) != nullptr);
  return name;
}

/// The folder of one task below a place that goes with the test.
struct World {
  std::string at = newFolder();
  TaskFolder folder{at, 7, "lease"};
  ~World() { fs::remove_all(at); }

  void write(const std::string& path, const std::string& content) const {
    const fs::path file = fs::path(folder.path()) / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << content;
  }
  std::string refusal(const std::string& path) const {
    try {
      folder.open(path);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Corrupt);
      return error.what();
    }
    return "opened";
  }
};

}  // namespace

TEST_CASE("a file of a task is opened, also in a folder of its own") {
  const World world;
  world.write("poster.jpg", "picture");
  world.write("hls/720p/segment_000.ts", "bytes");
  CHECK(world.folder.read("poster.jpg") == "picture");
  CHECK(world.folder.read("hls/720p/segment_000.ts") == "bytes");
  CHECK(world.folder.open("hls/720p/segment_000.ts").size == 5);
}

TEST_CASE("what a child names and is no plain file of its own is refused") {
  const World world;
  world.write("hls/real.ts", "bytes");
  const fs::path own = world.folder.path();
  std::ofstream(fs::path(world.at) / "outside") << "secret";
  fs::create_symlink(fs::path(world.at) / "outside", own / "link.ts");
  fs::create_directory_symlink(world.at, own / "up");
  CHECK_THAT(world.refusal("link.ts"), ContainsSubstring("is a link"));
  CHECK_THAT(world.refusal("up/outside"), ContainsSubstring("is not there"));
  CHECK_THAT(world.refusal("hls"), ContainsSubstring("is no file"));
  CHECK_THAT(world.refusal("hls/absent.ts"), ContainsSubstring("is not there"));
  CHECK_THAT(world.refusal("hls/real.ts/deeper"), ContainsSubstring("is not there"));
  CHECK_THAT(world.refusal("../outside"), ContainsSubstring("leaves its folder"));
}
