// Who may have put a plugin there: the rule as a table, and the walk over real folders.
#include "plugin/trust.h"

#include "world.h"

#include <sys/stat.h>

using namespace reeld;
using namespace reeld::test;
using plugin::Place;

namespace {

constexpr uid_t Daemon = 800;
constexpr uid_t Somebody = 1234567;

struct Rule {
  const char* name;
  Place place;
  uid_t owner;
  mode_t mode;
  const char* remedy;  ///< nullptr = trusted
};

const Rule Rules[] = {
    {"root's file without the execute bit", Place::File, 0, S_IFREG | 0644, nullptr},
    {"root's executable file", Place::File, 0, S_IFREG | 0755, nullptr},
    {"the daemon's own file", Place::File, Daemon, S_IFREG | 0600, nullptr},
    {"somebody's file", Place::File, Somebody, S_IFREG | 0644, "chown root:root /p"},
    {"a file its group can write", Place::File, 0, S_IFREG | 0664, "chmod 0644 /p"},
    {"a file everybody can write", Place::File, 0, S_IFREG | 0777, "chmod 0755 /p"},
    {"a sticky file everybody can write", Place::File, 0, S_IFREG | S_ISVTX | 0777,
     "chmod 1755 /p"},
    {"a FIFO", Place::File, 0, S_IFIFO | 0644, "put the plugin itself there"},
    {"root's folder", Place::Folder, 0, S_IFDIR | 0755, nullptr},
    {"the daemon's folder", Place::Folder, Daemon, S_IFDIR | 0700, nullptr},
    {"somebody's folder", Place::Folder, Somebody, S_IFDIR | 0755, "chown root:root /p"},
    {"a folder its group can write", Place::Folder, 0, S_IFDIR | 0775, "chmod 0755 /p"},
    {"root's sticky folder, as /tmp", Place::Folder, 0, S_IFDIR | S_ISVTX | 0777, nullptr},
    {"the daemon's sticky folder", Place::Folder, Daemon, S_IFDIR | S_ISVTX | 0777,
     "chmod 1755 /p"},
};

}  // namespace

TEST_CASE("only root and the daemon may be able to change a plugin or a folder above it") {
  for (const Rule& rule : Rules) {
    DYNAMIC_SECTION(rule.name) {
      const auto refusal = plugin::distrust("/p", {rule.owner, rule.mode}, rule.place, Daemon);
      REQUIRE(refusal.has_value() == (rule.remedy != nullptr));
      if (refusal) {
        CHECK(refusal->remedy == rule.remedy);
      }
    }
  }
}

TEST_CASE("a folder above the plugin that others can write is found and named with its chmod") {
  TempFolder folder;
  std::filesystem::create_directories(folder / "open/inner");
  const std::string file = install(tiny("good"), folder / "open/inner");
  CHECK_FALSE(plugin::examine(file, {}, geteuid()).refusal);

  std::filesystem::permissions(folder / "open", std::filesystem::perms(0777));
  const auto refusal = plugin::examine(file, {}, geteuid()).refusal;
  REQUIRE(refusal);
  CHECK_THAT(refusal->what, ContainsSubstring("open can be written by its group and by everybody"));
  CHECK(refusal->remedy == "chmod 0755 " + (folder / "open"));
}

TEST_CASE("a link is followed inside the plugin folders and nowhere else") {
  TempFolder folder;
  for (const char* name : {"one", "two", "outside"}) {
    std::filesystem::create_directory(folder / name);
  }
  const std::vector<std::string> folders = {folder / "one", folder / "two"};
  install(tiny("good"), folder / "two");
  install(tiny("good"), folder / "outside");
  std::filesystem::create_symlink(folder / "two/good.so", folder / "one/inside.so");
  std::filesystem::create_symlink(folder / "outside/good.so", folder / "one/leads-out.so");

  const auto inside = plugin::examine(folder / "one/inside.so", folders, geteuid());
  CHECK_FALSE(inside.refusal);
  CHECK(inside.path == folder / "two/good.so");
  const auto outside = plugin::examine(folder / "one/leads-out.so", folders, geteuid());
  REQUIRE(outside.refusal);
  CHECK_THAT(outside.refusal->what, ContainsSubstring("lies outside the plugin folders"));
}

TEST_CASE("a file that is not there is said to be missing") {
  const auto refusal = plugin::examine("/nowhere/at/all.so", {}, geteuid()).refusal;
  REQUIRE(refusal);
  CHECK(refusal->what == "/nowhere/at/all.so does not exist");
}

TEST_CASE("a folder in a plugin's place is refused") {
  TempFolder folder;
  std::filesystem::create_directory(folder / "x.so");
  const auto refusal = plugin::examine(folder / "x.so", {}, geteuid()).refusal;
  REQUIRE(refusal);
  CHECK_THAT(refusal->what, EndsWith("is not a regular file"));
}
