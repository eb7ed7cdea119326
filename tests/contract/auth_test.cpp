// reeld.auth/1 of every bundled provider that keeps records: right and wrong secrets, odd ones,
// foreign records. What is special to Argon2id is in auth_password_test.cpp.
#include "held.h"

#include <reeld/kind/auth.h>

#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

struct Provider : Held {
  explicit Provider(const std::string& name) : Held(name), auth(table<reeld_auth>(REELD_AUTH)) {}

  static void keep(void* ctx, reeld_bytes bytes, std::uint64_t) {
    *static_cast<std::string*>(ctx) = plugin::view(bytes);
  }
  reeld_status enroll(const std::string& secret, std::string& record) const {
    const reeld_sink sink{&record, &keep};
    const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
    reeld_error out = plugin::blankError();
    return auth.enroll(self, &call, plugin::abiBytes(secret), &sink, &out);
  }
  reeld_status verify(const std::string& record, const std::string& secret,
                      std::string* renewed = nullptr) const {
    std::string unused;
    const reeld_sink sink{renewed == nullptr ? &unused : renewed, &keep};
    const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
    reeld_error out = plugin::blankError();
    return auth.verify(self, &call, plugin::abi(record), plugin::abiBytes(secret), &sink, &out);
  }
  const reeld_auth& auth;
};

std::vector<std::string> keepers() {
  std::vector<std::string> names;
  for (const std::string& name : bundledNames()) {
    const auto* table = static_cast<const reeld_auth*>(plugin::tableOf(opened(name), REELD_AUTH));
    if (table != nullptr && REELD_HAS(table, enroll)) {
      names.push_back(name);
    }
  }
  REQUIRE_FALSE(names.empty());
  return names;
}

}  // namespace

TEST_CASE("a record lets its secret in and no other") {
  for (const std::string& name : keepers()) {
    CAPTURE(name);
    const Provider provider(name);
    std::string record;
    REQUIRE(provider.enroll("correct horse", record) == REELD_OK);
    CHECK(record.size() <= 1024);
    CHECK(record.find("correct horse") == std::string::npos);
    CHECK(provider.verify(record, "correct horse") == REELD_OK);
    CHECK(provider.verify(record, "correct hors") == REELD_DENIED);
    CHECK(provider.verify(record, "Correct horse") == REELD_DENIED);
    CHECK(provider.verify(record, "") == REELD_DENIED);
    CHECK(provider.verify(record, std::string("correct horse\0x", 15)) == REELD_DENIED);
  }
}

TEST_CASE("the same secret never gives the same record") {
  for (const std::string& name : keepers()) {
    const Provider provider(name);
    std::string first;
    std::string second;
    REQUIRE(provider.enroll("s", first) == REELD_OK);
    REQUIRE(provider.enroll("s", second) == REELD_OK);
    CHECK(first != second);
  }
}

TEST_CASE("an empty secret and one of a mebibyte are refused and never let in") {
  for (const std::string& name : keepers()) {
    CAPTURE(name);
    const Provider provider(name);
    std::string record;
    CHECK(provider.enroll("", record) == REELD_INVALID);
    CHECK(provider.enroll(std::string(1 << 20, 'x'), record) == REELD_INVALID);
    CHECK(record.empty());
    REQUIRE(provider.enroll(std::string(1024, 'x'), record) == REELD_OK);
    CHECK(provider.verify(record, std::string(1024, 'x')) == REELD_OK);
    CHECK(provider.verify(record, std::string(1025, 'x')) == REELD_DENIED);
    CHECK(provider.verify(record, std::string(1 << 20, 'x')) == REELD_DENIED);
  }
}

TEST_CASE("a record of another form is left to the next provider") {
  const std::vector<std::string> foreign = {
      "",
      "x",
      "$6$rounds=5000$saltstring$hash",
      "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA",
      "scrypt$16384$salt$8$1$hash",
      "!locked",
      std::string(5000, '$'),
      std::string("\0\0\0", 3),
  };
  for (const std::string& name : keepers()) {
    const Provider provider(name);
    for (const std::string& record : foreign) {
      CAPTURE(name, record);
      CHECK(provider.verify(record, "secret") == REELD_DEFER);
    }
  }
}

TEST_CASE("many threads ask one provider at once") {
  for (const std::string& name : keepers()) {
    const Provider provider(name);
    std::string record;
    REQUIRE(provider.enroll("right", record) == REELD_OK);
    std::atomic<int> wrong{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const bool good = i % 2 == 0;
        wrong +=
            provider.verify(record, good ? "right" : "wrong") != (good ? REELD_OK : REELD_DENIED);
      });
    }
    threads.clear();
    CHECK(wrong == 0);
  }
}
