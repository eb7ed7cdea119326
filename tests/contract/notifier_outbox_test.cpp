// The outbox: a mail is one file, whole, private, and the same file when it comes twice.
#include "notifier_held.h"

#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

std::string contentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> namesIn(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename());
  }
  return names;
}

unsigned modeOf(const std::filesystem::path& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 0777U;
}

struct Outbox : NotifierHeld {
  Outbox() : NotifierHeld("notifier-outbox"), mails(folder() / "mail") {
    REQUIRE(status == REELD_OK);
  }
  std::filesystem::path mails;
};

}  // namespace

TEST_CASE("a mail is a private file of exactly its bytes") {
  Outbox outbox;
  CHECK(modeOf(outbox.mails) == 0700);
  HeldNotice notice;
  notice.message = std::string("a\0b\r\n.\r\n", 8) + std::string(300'000, 'x');
  CHECK(outbox.send(notice) == REELD_OK);
  CHECK(namesIn(outbox.mails) == std::set<std::string>{"7-abc_DEF.eml"});
  CHECK(contentOf(outbox.mails / "7-abc_DEF.eml") == notice.message);
  CHECK(modeOf(outbox.mails / "7-abc_DEF.eml") == 0600);
}

TEST_CASE("a mail that comes twice lies there once") {
  Outbox outbox;
  HeldNotice notice;
  CHECK(outbox.send(notice) == REELD_OK);
  notice.message = "a longer time ago\r\n";
  CHECK(outbox.send(notice) == REELD_OK);
  CHECK(namesIn(outbox.mails).size() == 1);
  CHECK(contentOf(outbox.mails / "7-abc_DEF.eml") == notice.message);
}

TEST_CASE("what a crash left half written is written over") {
  Outbox outbox;
  std::ofstream(outbox.mails / ".7-abc_DEF.eml.part") << std::string(1000, 'h');
  CHECK(outbox.send({}) == REELD_OK);
  CHECK(namesIn(outbox.mails) == std::set<std::string>{"7-abc_DEF.eml"});
  CHECK(contentOf(outbox.mails / "7-abc_DEF.eml") == HeldNotice().message);
}

TEST_CASE("a folder that was removed is made again") {
  Outbox outbox;
  std::filesystem::remove_all(outbox.mails);
  CHECK(outbox.send({}) == REELD_OK);
  CHECK(namesIn(outbox.mails).size() == 1);
}

TEST_CASE("a key that is no file name is refused, and nothing is written anywhere") {
  Outbox outbox;
  const std::vector<std::string> bad = {
      "", "../x", "a/b", "a.b", "a b", ".", "..", "a\nb", std::string(101, 'x')};
  for (const std::string& key : bad) {
    CAPTURE(key);
    HeldNotice notice;
    notice.key = key;
    CHECK(outbox.send(notice) == REELD_INVALID);
  }
  CHECK(namesIn(outbox.mails).empty());
  CHECK(namesIn(outbox.folder()) == std::set<std::string>{"mail"});
}

TEST_CASE("a folder that cannot be written to is worth another try") {
  Outbox outbox;
  std::filesystem::remove_all(outbox.mails);
  std::ofstream(outbox.mails) << "a file is in the way";
  CHECK(outbox.send({}) == REELD_UNAVAILABLE);
  CHECK_THAT(outbox.said, ContainsSubstring("cannot open"));
  reeld_error error = plugin::blankError();
  CHECK(outbox.raw->health(outbox.self, &error) == REELD_UNAVAILABLE);
  std::filesystem::remove(outbox.mails);
  CHECK(outbox.send({}) == REELD_OK);
}

TEST_CASE("many threads write mails at once") {
  Outbox outbox;
  std::atomic<int> failed{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) {
        const auto* table =
            static_cast<const reeld_notifier*>(plugin::tableOf(outbox.raw, REELD_NOTIFIER));
        const std::string key = std::to_string(i) + "-" + std::to_string(j);
        reeld_notice notice{};
        notice.struct_size = sizeof notice;
        notice.idempotency_key = plugin::abi(key);
        notice.channel = plugin::abi("mail");
        notice.message = plugin::abiBytes(key);
        const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
        reeld_error error = plugin::blankError();
        failed += table->send(outbox.self, &call, &notice, &error) != REELD_OK;
      }
    });
  }
  threads.clear();
  CHECK(failed == 0);
  const auto names = namesIn(outbox.mails);
  CHECK(names.size() == 80);
  for (const std::string& name : names) {
    CHECK(contentOf(outbox.mails / name) + ".eml" == name);
  }
}

TEST_CASE("the folder may be anywhere, made with what is missing above it") {
  const Folder elsewhere;
  const auto path = elsewhere.path / "a" / "b";
  NotifierHeld held("notifier-outbox", R"({"path":")" + path.string() + R"("})");
  REQUIRE(held.status == REELD_OK);
  CHECK(held.send({}) == REELD_OK);
  CHECK(namesIn(path).size() == 1);
}
