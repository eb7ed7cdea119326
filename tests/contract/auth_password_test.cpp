// What is special to Argon2id: the form of the record, its cost, and when it is renewed.
#include "held.h"

#include <reeld/kind/auth.h>

using namespace reeld;
using namespace reeld::test;

namespace {

struct Passwords : Held {
  explicit Passwords(const std::string& config) : Held("auth-password", config) {
    REQUIRE(status == REELD_OK);
  }
  static void keep(void* ctx, reeld_bytes bytes, std::uint64_t) {
    *static_cast<std::string*>(ctx) = plugin::view(bytes);
  }
  std::string enroll(const std::string& secret) {
    std::string record;
    const reeld_sink sink{&record, &keep};
    const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
    REQUIRE(table<reeld_auth>(REELD_AUTH)
                .enroll(self, &call, plugin::abiBytes(secret), &sink, &error) == REELD_OK);
    return record;
  }
  /// The status, and the new record if there is one.
  std::pair<reeld_status, std::string> verify(const std::string& record,
                                              const std::string& secret) {
    std::string renewed;
    const reeld_sink sink{&renewed, &keep};
    const reeld_call call{sizeof call, 0, {}, {}, 0, nullptr};
    const auto answer =
        table<reeld_auth>(REELD_AUTH)
            .verify(self, &call, plugin::abi(record), plugin::abiBytes(secret), &sink, &error);
    return {answer, renewed};
  }
};

const char* const Cheap = R"({"memlimit_kib": 7168, "opslimit": 1})";

}  // namespace

TEST_CASE("a password record is Argon2id in PHC form at the default cost") {
  Passwords passwords("{}");
  CHECK_THAT(passwords.enroll("s"), StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST_CASE("a provider of passwords declares that it burns CPU") {
  CHECK((Passwords("{}").table<reeld_auth>(REELD_AUTH).flags & REELD_AUTH_CPU_BOUND) != 0);
}

TEST_CASE("a record is renewed when the cost rose, and only by the right password") {
  Passwords weak(Cheap);
  Passwords strong("{}");
  const std::string old_record = weak.enroll("secret");
  const auto [status, renewed] = strong.verify(old_record, "secret");
  CHECK(status == REELD_OK);
  CHECK_THAT(renewed, StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(strong.verify(renewed, "secret") == std::pair<reeld_status, std::string>(REELD_OK, ""));
  CHECK(strong.verify(old_record, "wrong") ==
        std::pair<reeld_status, std::string>(REELD_DENIED, ""));
}

TEST_CASE("a record stays when the cost fell") {
  const std::string record = Passwords("{}").enroll("secret");
  CHECK(Passwords(Cheap).verify(record, "secret") ==
        std::pair<reeld_status, std::string>(REELD_OK, ""));
}

TEST_CASE("a reload applies the new cost to the next record") {
  Passwords passwords(Cheap);
  const std::string config = validated(passwords.raw, R"({"memlimit_kib": 8192, "opslimit": 1})");
  REQUIRE(passwords.raw->reconfigure(passwords.self, plugin::abi(config), &passwords.error) ==
          REELD_OK);
  CHECK_THAT(passwords.enroll("s"), StartsWith("$argon2id$v=19$m=8192,t=1,p=1$"));
}

TEST_CASE("a record made by another Argon2id implementation is verified") {
  // From test.c of the reference implementation: 64 MiB, 2 passes, salt "somesalt".
  Passwords passwords("{}");
  const std::string record =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  CHECK(passwords.verify(record, "password") == std::pair<reeld_status, std::string>(REELD_OK, ""));
  CHECK(passwords.verify(record, "Password").first == REELD_DENIED);
}

TEST_CASE("records of bcrypt and of Django let in and are replaced by Argon2id ones") {
  // The first is a test vector of crypt_blowfish, the second of PBKDF2-HMAC-SHA256 (4096 rounds) in
  // Django's spelling.
  const std::vector<std::pair<std::string, std::string>> records = {
      {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
      {"$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
      {"$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
      {"pbkdf2_sha256$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=", "password"},
  };
  Passwords passwords(Cheap);
  for (const auto& [record, secret] : records) {
    CAPTURE(record);
    const auto [status, renewed] = passwords.verify(record, secret);
    CHECK(status == REELD_OK);
    REQUIRE_THAT(renewed, StartsWith("$argon2id$v=19$m=7168,t=1,p=1$"));
    CHECK(passwords.verify(renewed, secret).first == REELD_OK);
    for (const std::string& wrong : {secret + "x", std::string(), std::string("x"),
                                     std::string(1 << 20, 'x'), secret + std::string(1, '\0')}) {
      CHECK(passwords.verify(record, wrong) ==
            std::pair<reeld_status, std::string>(REELD_DENIED, ""));
    }
  }
}

TEST_CASE("a password beyond bcrypt's 72 bytes lets in, and its record stays as it is") {
  Passwords passwords(Cheap);
  const std::string record = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
  const std::string seen =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  for (const char* rest : {"chars after 72 are ignored", "and may be mistyped"}) {
    CHECK(passwords.verify(record, seen + rest) ==
          std::pair<reeld_status, std::string>(REELD_OK, ""));
  }
  CHECK_THAT(passwords.verify(record, seen).second, StartsWith("$argon2id$"));
  CHECK(passwords.verify(record, seen.substr(1) + "0").first == REELD_DENIED);
}

TEST_CASE("a damaged or absurd record of another system is none") {
  Passwords passwords(Cheap);
  for (const std::string& record : {
           std::string("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe"),
           std::string("$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
           std::string("$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
           std::string("$2b$0x$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
           std::string("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
           std::string("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO:W"),
           std::string("pbkdf2_sha256$0$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o="),
           std::string("pbkdf2_sha256$99999999$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o="),
           std::string("pbkdf2_sha256$-1$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o="),
           std::string("pbkdf2_sha256$4096$$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o="),
           std::string("pbkdf2_sha256$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0"),
           std::string("pbkdf2_sha256$4096$salt$xeR41Q=="),
           std::string("pbkdf2_sha256$4096$salt"),
           std::string("pbkdf2_sha1$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o="),
       }) {
    CAPTURE(record);
    CHECK(passwords.verify(record, "password").first == REELD_DEFER);
    CHECK(passwords.verify(record, "").first == REELD_DEFER);
  }
}

TEST_CASE("a tampered or absurd record lets nobody in") {
  Passwords passwords(Cheap);
  std::string record = passwords.enroll("secret");
  std::string cut = record;
  cut.resize(cut.size() - 3);
  CHECK(passwords.verify(cut, "secret").first == REELD_DENIED);
  std::string changed = record;
  changed.back() = changed.back() == 'A' ? 'B' : 'A';
  CHECK(passwords.verify(changed, "secret").first == REELD_DENIED);
  // Four terabytes of memory: not ours, and never tried.
  CHECK(
      passwords.verify("$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "secret").first ==
      REELD_DEFER);
  CHECK(passwords.verify("$argon2id$v=19$m=99999999999,t=1,p=1$c2FsdA$aGFzaA", "x").first ==
        REELD_DEFER);
}

TEST_CASE("a cost outside its limits is refused by pointer") {
  const reeld_plugin* raw = opened("auth-password");
  void* self = nullptr;
  reeld_error error = plugin::blankError();
  const plugin::Host host("held", "/tmp");
  CHECK(raw->create(host.abi(), plugin::abi(R"({"memlimit_kib": 1, "opslimit": 2})"), &self,
                    &error) == REELD_INVALID);
  CHECK(std::string(error.pointer) == "/memlimit_kib");
  CHECK(raw->create(host.abi(), plugin::abi("[]"), &self, &error) == REELD_INVALID);
  CHECK(raw->create(host.abi(), plugin::abi("{"), &self, &error) == REELD_INVALID);
}
