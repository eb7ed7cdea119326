// What is special to files: where they lie, their modes, links, adoption, and a full disk.
#include "storage_held.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

using namespace reeld;
using namespace reeld::test;

namespace {

const char* const DiskPlugin = "storage-disk";

mode_t fileMode(const std::filesystem::path& path) {
  struct stat facts {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

/// An open file in the folder that never had a name, as uploads are spooled.
int nameless(const std::filesystem::path& folder, const std::string& bytes) {
  const int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode_t{0600});
  REQUIRE(write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return fd;
}

/// Runs body in a child process; its answer is the exit status.
int inChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Writes more than there is room for: 0 if that is EXHAUSTED, nothing is left behind, and what
/// fits is still taken.
int overflow(const StorageHeld& held, std::size_t more_than_fits) {
  if (held.put("small", "fits") != REELD_OK) {
    return 10;
  }
  if (held.put("big", std::string(more_than_fits, 'x')) != REELD_EXHAUSTED) {
    return 11;
  }
  reeld_writer writer{};
  const reeld_status reserved = held.begin("big", writer, more_than_fits);
  if (reserved == REELD_OK) {
    writer.release(writer.impl);
  } else if (reserved != REELD_EXHAUSTED) {
    return 12;
  }
  if (held.stat("big") || held.list("") != std::vector<std::string>{"small"}) {
    return 13;
  }
  return held.put("another", "fits too") == REELD_OK && held.get("small") == "fits" ? 0 : 14;
}

}  // namespace

TEST_CASE("a key is a file of that name below the folder") {
  const Folder folder;
  const StorageHeld held(DiskPlugin,
                         "{\"path\": \"" + (folder.path / "new/media").string() + "\"}");
  REQUIRE(held.put("videos/7/x.ts", "bytes") == REELD_OK);
  std::ifstream file(folder.path / "new/media/videos/7/x.ts");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  CHECK(text == "bytes");
}

TEST_CASE("without a path the folder is media in the instance's own") {
  const StorageHeld held(DiskPlugin);
  REQUIRE(held.put("a", "x") == REELD_OK);
  CHECK(std::filesystem::exists(held.folder() / "media/a"));
}

TEST_CASE("a path that is not absolute is refused by pointer, by the schema and by the plugin") {
  const reeld_plugin* raw = opened(DiskPlugin);
  const auto checked = plugin::effectiveConfig(
      plugin::describe(raw), {"disk", DiskPlugin, true, Json::parse(R"({"path": "media"})")});
  REQUIRE(std::holds_alternative<plugin::Refusal>(checked));
  CHECK_THAT(std::get<plugin::Refusal>(checked).what, StartsWith("/path: "));

  void* self = nullptr;
  reeld_error error = plugin::blankError();
  const plugin::Host host("held", "/tmp");
  for (const std::string config : {R"({"path": "media"})", R"({"path": 7})", "[]", "{"}) {
    CAPTURE(config);
    CHECK(raw->create(host.abi(), plugin::abi(config), &self, &error) == REELD_INVALID);
    CHECK(std::string(error.pointer) == "/path");
  }
}

TEST_CASE("files are 0640 and folders 0750 whatever the umask is") {
  for (const mode_t mask : {mode_t{0}, mode_t{077}, mode_t{022}}) {
    CAPTURE(mask);
    const mode_t before = umask(mask);
    const StorageHeld held(DiskPlugin);
    REQUIRE(held.put("a/b/c", "x") == REELD_OK);
    REQUIRE(held.put("a/b/c", "y") == REELD_OK);
    umask(before);
    CHECK(fileMode(held.folder() / "media") == 0750);
    CHECK(fileMode(held.folder() / "media/a/b") == 0750);
    CHECK(fileMode(held.folder() / "media/a/b/c") == 0640);
  }
}

TEST_CASE("a link planted in the folder leads nowhere") {
  const Folder outside;
  std::ofstream(outside.path / "secret") << "secret";
  const StorageHeld held(DiskPlugin);
  const auto media = held.folder() / "media";
  std::filesystem::create_symlink(outside.path, media / "linked");
  std::filesystem::create_symlink(outside.path / "secret", media / "file");
  reeld_reader reader{};
  reeld_error error = plugin::blankError();
  for (const std::string key : {"linked/secret", "file"}) {
    CAPTURE(key);
    CHECK(held.storage.open(held.self, &held.call, plugin::abi(key), 0, 0, &reader, &error) !=
          REELD_OK);
    CHECK(held.openFd(key) == -1);
  }
  CHECK(held.put("linked/new", "x") != REELD_OK);
  CHECK_FALSE(std::filesystem::exists(outside.path / "new"));
  CHECK(held.list("").empty());
}

TEST_CASE("folders are removed with their last object") {
  const StorageHeld held(DiskPlugin);
  REQUIRE(held.put("a/b/c", "x") == REELD_OK);
  REQUIRE(held.put("a/d", "x") == REELD_OK);
  REQUIRE(held.remove("a/b/c") == REELD_OK);
  CHECK_FALSE(std::filesystem::exists(held.folder() / "media/a/b"));
  CHECK(std::filesystem::exists(held.folder() / "media/a/d"));
}

TEST_CASE("a key below an object is a conflict, and so is an object in a folder's place") {
  const StorageHeld held(DiskPlugin);
  REQUIRE(held.put("a/b", "x") == REELD_OK);
  CHECK(held.put("a/b/c", "x") == REELD_CONFLICT);
  CHECK(held.put("a", "x") == REELD_CONFLICT);
  CHECK(held.list("") == std::vector<std::string>{"a/b"});
}

TEST_CASE("a finished spool file is taken without being copied") {
  const Folder folder;
  const StorageHeld held(DiskPlugin, "{}", folder.path);
  const auto spool = folder.path / "spool";
  std::ofstream(spool) << "uploaded";
  const int fd = open(spool.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat before {};
  REQUIRE(fstat(fd, &before) == 0);
  Stored stored;
  REQUIRE(held.adopt("videos/1/source", fd, &stored) == REELD_OK);
  close(fd);
  struct stat after {};
  REQUIRE(stat((folder.path / "media/videos/1/source").c_str(), &after) == 0);
  CHECK(after.st_ino == before.st_ino);
  CHECK(stored.size == 8);
  CHECK(stored.etag == held.stat("videos/1/source")->etag);
  std::filesystem::remove(spool);
  CHECK(held.get("videos/1/source") == "uploaded");
  CHECK(fileMode(folder.path / "media/videos/1/source") == 0640);
}

TEST_CASE("adopting over an existing key replaces it, and again is harmless") {
  const Folder folder;
  const StorageHeld held(DiskPlugin, "{}", folder.path);
  REQUIRE(held.put("k", "old") == REELD_OK);
  std::ofstream(folder.path / "spool") << "new one";
  const int fd = open((folder.path / "spool").c_str(), O_RDONLY | O_CLOEXEC);
  CHECK(held.adopt("k", fd) == REELD_OK);
  CHECK(held.adopt("k", fd) == REELD_OK);
  close(fd);
  CHECK(held.get("k") == "new one");
  CHECK(held.list("") == std::vector<std::string>{"k"});
  CHECK(std::filesystem::is_empty(folder.path / "media/.incoming"));
}

TEST_CASE("a spool file that never had a name is taken without being copied") {
  const Folder folder;
  const StorageHeld held(DiskPlugin, "{}", folder.path);
  const std::string bytes(300'000, 'u');
  for (const char* key : {"videos/1/source", "videos/1/source", "top"}) {
    CAPTURE(key);
    const int fd = nameless(folder.path, bytes);
    struct stat before {};
    REQUIRE(fstat(fd, &before) == 0);
    Stored stored;
    REQUIRE(held.adopt(key, fd, &stored) == REELD_OK);
    close(fd);
    struct stat after {};
    REQUIRE(stat((folder.path / "media" / key).c_str(), &after) == 0);
    CHECK(after.st_ino == before.st_ino);
    CHECK(after.st_nlink == 1);
    CHECK((after.st_mode & 07777) == 0640);
    CHECK(stored.size == bytes.size());
    CHECK(stored.etag == held.stat(key)->etag);
    CHECK(held.get(key) == bytes);
  }
  CHECK(held.list("") == std::vector<std::string>{"top", "videos/1/source"});
  CHECK(std::filesystem::is_empty(folder.path / "media/.incoming"));
}

TEST_CASE("what cannot be linked is left to be written") {
  const Folder here;
  const StorageHeld held(DiskPlugin, "{}", here.path);
  REQUIRE(held.put("old", "stays") == REELD_OK);
  std::ofstream(here.path / "gone") << "x";
  const int gone = open((here.path / "gone").c_str(), O_RDONLY | O_CLOEXEC);
  std::filesystem::remove(here.path / "gone");
  const int exclusive =
      open(here.path.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, mode_t{0600});
  for (const char* key : {"a", "folder/a", "old"}) {
    CAPTURE(key);
    CHECK(held.adopt(key, gone) == REELD_UNSUPPORTED);
    CHECK(held.adopt(key, exclusive) == REELD_UNSUPPORTED);
  }
  close(gone);
  close(exclusive);
  CHECK(held.get("old") == "stays");
  CHECK(std::filesystem::is_empty(here.path / "media/.incoming"));

  const Folder elsewhere("/dev/shm");
  std::ofstream(elsewhere.path / "file") << "x";
  const int far = open((elsewhere.path / "file").c_str(), O_RDONLY | O_CLOEXEC);
  const int far_and_nameless = nameless(elsewhere.path, "x");
  for (const int fd : {far, far_and_nameless}) {
    CHECK(held.adopt("b", fd) == REELD_UNSUPPORTED);
    close(fd);
  }

  int ends[2];
  REQUIRE(pipe(ends) == 0);
  CHECK(held.adopt("c", ends[0]) == REELD_INVALID);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("leftovers of a crash are removed after a day and objects never are") {
  const Folder folder;
  std::filesystem::create_directories(folder.path / "media/.incoming");
  for (const char* name : {"media/.incoming/old", "media/.incoming/young", "media/object"}) {
    std::ofstream(folder.path / name) << "x";
  }
  const timespec old[2] = {{time(nullptr) - 100'000, 0}, {time(nullptr) - 100'000, 0}};
  for (const char* name : {"media/.incoming/old", "media/object"}) {
    REQUIRE(utimensat(AT_FDCWD, (folder.path / name).c_str(), old, 0) == 0);
  }
  const StorageHeld held(DiskPlugin, "{}", folder.path);
  CHECK_FALSE(std::filesystem::exists(folder.path / "media/.incoming/old"));
  CHECK(std::filesystem::exists(folder.path / "media/.incoming/young"));
  CHECK(held.list("") == std::vector<std::string>{"object"});
  CHECK(held.put(".incoming/x", "x") == REELD_INVALID);
}

TEST_CASE("a file larger than the limit is EXHAUSTED and leaves nothing") {
  CHECK(inChild([] {
          signal(SIGXFSZ, SIG_IGN);
          const rlimit limit{100'000, 100'000};
          setrlimit(RLIMIT_FSIZE, &limit);
          return overflow(StorageHeld(DiskPlugin), 300'000);
        }) == 0);
}

TEST_CASE("a full disk is EXHAUSTED, leaves nothing, and health says so") {
  const Folder mount_point;
  const int answer = inChild([&] {
    if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", mount_point.path.c_str(), "tmpfs", 0, "size=512k,mode=0755") != 0) {
      return 99;
    }
    const StorageHeld held(DiskPlugin, "{\"path\": \"" + mount_point.path.string() + "\"}");
    if (const int wrong = overflow(held, 2 << 20)) {
      return wrong;
    }
    while (held.put("fill/" + std::to_string(rand()), std::string(4096, 'x')) == REELD_OK) {
    }
    reeld_error error = plugin::blankError();
    return held.raw->health(held.self, &error) == REELD_EXHAUSTED ? 0 : 15;
  });
  if (answer == 99) {
    WARN("this system lets nobody mount a tmpfs: a full disk was tried by file size alone");
  } else {
    CHECK(answer == 0);
  }
}
