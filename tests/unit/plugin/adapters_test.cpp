// The ports of users and storage over the bundled plugins, through a registry as the daemon has it.
#include "plugin/adapters/auth.h"
#include "plugin/adapters/storage.h"
#include "world.h"

#include <reeld/kind/auth.h>
#include <reeld/kind/storage.h>

#include <fcntl.h>

using namespace reeld;
using namespace reeld::test;
using users::Verdict;

namespace {

struct Media {
  World world;
  std::unique_ptr<storage::Storage> storage;
  explicit Media(plugin::CallLimits limits = {}) {
    world.limits = limits;
    world.add(bundled("storage-disk"));
    storage = plugin::adapters::storage(
        world.run({{"disk", "storage-disk", true, {}}}).require("disk", REELD_STORAGE, "storage"));
  }
  void put(const std::string& key, const std::string& bytes) {
    const auto writer = storage->create({key, bytes.size(), 0, "", ""});
    writer->write(bytes);
    CHECK(writer->commit().size == bytes.size());
  }
  std::string get(const std::string& key, std::uint64_t offset = 0, std::uint64_t length = 0) {
    const auto reader = storage->open(key, offset, length);
    std::string all;
    char piece[100];
    while (const std::size_t count = reader->read(piece, sizeof piece)) {
      all.append(piece, count);
    }
    return all;
  }
};

}  // namespace

TEST_CASE("the password plugin enrols, verifies and defers through the port") {
  World world;
  world.add(bundled("auth-password"));
  auto& registry = world.run({{"password", "auth-password", true, {}}});
  const auto provider = plugin::adapters::identityProvider(
      registry.require("password", REELD_AUTH, "auth_providers"));
  CHECK(provider->name() == "password");
  CHECK(provider->cpuBound());
  CHECK(provider->keepsRecords());
  const std::string record = provider->enroll("secret");
  CHECK(provider->verify(record, "secret").verdict == Verdict::Ok);
  CHECK_FALSE(provider->verify(record, "secret").new_record);
  CHECK(provider->verify(record, "wrong").verdict == Verdict::Denied);
  CHECK(provider->verify("$2b$foreign", "secret").verdict == Verdict::Defer);
  CHECK(provider->authenticate("bearer", "", "token", "").verdict == Verdict::Defer);
  // Shown to the client, so without the instance's name.
  CHECK(messageOf([&] { provider->enroll(""); }) == "the password is empty");
  CHECK(codeThrown([&] { provider->enroll(std::string(2000, 'x')); }) == ErrorCode::Invalid);
}

TEST_CASE("objects go through the storage port and come back") {
  Media media;
  media.put("videos/1/a.ts", std::string(1000, 'a'));
  CHECK(media.get("videos/1/a.ts", 990) == std::string(10, 'a'));
  CHECK(media.get("videos/1/a.ts", 0, 3) == "aaa");
  CHECK(media.storage->stat("videos/1/a.ts")->size == 1000);
  CHECK_FALSE(media.storage->stat("videos/1/b.ts"));
  CHECK(codeThrown([&] { media.storage->open("videos/1/b.ts", 0, 0); }) == ErrorCode::NotFound);
  CHECK(codeThrown([&] { media.storage->openFd("videos/1/b.ts"); }) == ErrorCode::NotFound);
  const int fd = media.storage->openFd("videos/1/a.ts");
  CHECK(::lseek(fd, 0, SEEK_END) == 1000);
  ::close(fd);
  media.storage->remove("videos/1/a.ts");
  media.storage->remove("videos/1/a.ts");
  CHECK_FALSE(media.storage->stat("videos/1/a.ts"));
}

TEST_CASE("a writer that is dropped leaves nothing") {
  Media media;
  media.storage->create({"x", 0, 0, "", ""})->write("half");
  CHECK_FALSE(media.storage->stat("x"));
}

TEST_CASE("a list is longer than a page, and ends where its visitor says or throws") {
  Media media;
  for (int i = 0; i < 520; ++i) {
    media.put("k/" + std::to_string(1000 + i), "x");
  }
  std::vector<std::string> keys;
  media.storage->list("k/", "", [&](const storage::Object& object) {
    keys.push_back(object.key);
    return true;
  });
  REQUIRE(keys.size() == 520);
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  int seen = 0;
  media.storage->list("k/", "k/1001", [&](const storage::Object&) { return ++seen < 3; });
  CHECK(seen == 3);
  CHECK(codeThrown([&] {
          media.storage->list("k/", "", [](const storage::Object&) -> bool {
            throw Error(ErrorCode::Conflict, "visitor");
          });
        }) == ErrorCode::Conflict);
}

TEST_CASE("a spool file on the same file system is adopted, another is copied") {
  Media media;
  for (const std::string& spool :
       {media.world.folder / "spool", std::string("/dev/shm/reeld-spool-test")}) {
    CAPTURE(spool);
    std::ofstream(spool) << std::string(3'000'000, 's');
    const int fd = ::open(spool.c_str(), O_RDWR | O_CLOEXEC);
    ::lseek(fd, 0, SEEK_END);
    const auto object = media.storage->adopt({"videos/1/sources/t", 3'000'000, 0, "", ""}, fd);
    ::close(fd);
    std::filesystem::remove(spool);
    CHECK(object.size == 3'000'000);
    CHECK(media.get("videos/1/sources/t").size() == 3'000'000);
    media.storage->remove("videos/1/sources/t");
  }
}

TEST_CASE("readers and writers are no calls: any number may be open beside the cap") {
  plugin::CallLimits limits;
  limits.max_concurrent = 1;
  Media media(limits);
  media.put("a", "x");
  std::vector<std::unique_ptr<storage::Reader>> readers;
  std::vector<std::unique_ptr<storage::Writer>> writers;
  for (int i = 0; i < 40; ++i) {
    readers.push_back(media.storage->open("a", 0, 0));
    writers.push_back(media.storage->create({"w" + std::to_string(i), 0, 0, "", ""}));
  }
  CHECK(media.get("a") == "x");
  // They keep the plugin alive: it is not destroyed under them.
  CHECK_FALSE(media.world.registry->find("disk")->stop(std::chrono::milliseconds(5)));
  char byte = 0;
  CHECK(readers[0]->read(&byte, 1) == 1);
  readers.clear();
  writers.clear();
  CHECK(media.world.registry->find("disk")->stop(std::chrono::seconds(5)));
}

TEST_CASE("a full storage has the reason that clients get 507 for") {
  World world;
  world.add(bundled("storage-disk"));
  const auto storage =
      plugin::adapters::storage(*world.run({{"disk", "storage-disk", true, {}}}).find("disk"));
  try {
    // More than any disk has: refused when the space is reserved.
    storage->create({"big", std::uint64_t{1} << 60, 0, "", ""});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Exhausted);
    CHECK(error.reason() == "storage-full");
    CHECK_THAT(error.what(), StartsWith("plugin \"disk\": no space for 1152921504606846976 bytes"));
  }
}
