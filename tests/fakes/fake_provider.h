// Identity providers without cryptography: one that keeps records ("plain:<secret>"), and one that
// vouches for a list of people of its own.
#pragma once
#include "base/error.h"
#include "users/identity_provider.h"

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace reeld::test {

class FakeRecordKeeper final : public users::IdentityProvider {
 public:
  explicit FakeRecordKeeper(std::string name = "password") : name_(std::move(name)) {}
  const std::string& name() const override { return name_; }
  bool cpuBound() const override { return true; }
  bool keepsRecords() const override { return true; }
  std::string enroll(std::string_view secret) override {
    ++enrolled;
    return "plain:" + std::string(secret);
  }
  users::RecordVerdict verify(const std::string& record, std::string_view secret) override {
    ++verified;
    if (while_verifying) {
      std::exchange(while_verifying, {})();
    }
    if (record == "old:" + std::string(secret)) {
      return {.verdict = users::Verdict::Ok, .new_record = "plain:" + std::string(secret)};
    }
    if (!record.starts_with("plain:")) {
      return {.verdict = users::Verdict::Defer, .new_record = std::nullopt};
    }
    return {.verdict = record.substr(6) == secret ? users::Verdict::Ok : users::Verdict::Denied,
            .new_record = std::nullopt};
  }
  Answer authenticate(std::string_view, std::string_view, std::string_view,
                      std::string_view) override {
    throw Error(ErrorCode::Unsupported, "keeps records");
  }

  std::atomic<int> enrolled{0};
  std::atomic<int> verified{0};
  std::function<void()> while_verifying;  ///< happens once, beside the next verify()

 private:
  std::string name_;
};

/// One whose plugin failed to start.
class MissingProvider final : public users::IdentityProvider {
 public:
  const std::string& name() const override { return name_; }
  bool cpuBound() const override { return false; }
  bool keepsRecords() const override { return false; }
  std::string missing() const override { return "no such file"; }
  std::string enroll(std::string_view) override { fail(); }
  users::RecordVerdict verify(const std::string&, std::string_view) override { fail(); }
  Answer authenticate(std::string_view, std::string_view, std::string_view,
                      std::string_view) override {
    fail();
  }

 private:
  [[noreturn]] static void fail() { throw Error(ErrorCode::Unavailable, "no such file"); }
  std::string name_ = "missing";
};

class FakeDirectory final : public users::IdentityProvider {
 public:
  const std::string& name() const override { return name_; }
  bool cpuBound() const override { return false; }
  bool keepsRecords() const override { return false; }
  std::string enroll(std::string_view) override {
    throw Error(ErrorCode::Unsupported, "keeps no records");
  }
  users::RecordVerdict verify(const std::string&, std::string_view) override { return {}; }
  Answer authenticate(std::string_view, std::string_view identifier, std::string_view secret,
                      std::string_view) override {
    const auto found = people.find(std::string(identifier));
    if (found == people.end()) {
      return {.verdict = users::Verdict::Defer, .identity = {}};
    }
    if (found->second != secret) {
      return {.verdict = users::Verdict::Denied, .identity = {}};
    }
    return {.verdict = users::Verdict::Ok,
            .identity = {.subject = "1",
                         .name = "Ann",
                         .email = std::string(identifier),
                         .email_verified = verified_mail}};
  }

  std::map<std::string, std::string> people;  ///< address -> secret
  bool verified_mail = true;

 private:
  std::string name_ = "directory";
};

}  // namespace reeld::test
