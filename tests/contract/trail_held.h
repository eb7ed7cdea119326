// audit-trail behind its C tables, with its own tables in a folder: requests are told to it by
// hand, and what it stored and what it says of that can be read.
#pragma once
#include "interceptor_held.h"

#include <reeld/cpp/host.hpp>
#include <reeld/kind/report.h>

#include <chrono>
#include <mutex>
#include <set>
#include <thread>

namespace reeld::test {

inline std::int64_t wallMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

struct Asked {
  const char* method = "GET";
  const char* path = "/api/v1/videos";
  const char* group = "api";
  const char* route = "/api/v1/videos";
  const char* user = "";
  const char* peer = "192.0.2.7";
  int status = 200;
  bool is_refused = false;  ///< by an interceptor further in
  std::int64_t at_ms = 0;
};

class Trail : public InterceptorHeld {
 public:
  explicit Trail(const std::filesystem::path& folder, const std::string& config = "{}",
                 const char* secret = SiteSecret)
      : InterceptorHeld("audit-trail", config, folder, secret) {
    REQUIRE(status == REELD_OK);
  }
  sdk::Sql sql() const { return sdk::Host(host()).sql(); }

  /// The status the client got. From any thread.
  int ask(const Asked& asked = {}) const {
    HeldExchange x(asked.group, asked.user, asked.peer, 0);
    x.record.method = plugin::abi(asked.method);
    x.record.path = plugin::abi(asked.path);
    x.record.route = plugin::abi(asked.route);
    x.record.started_ms = asked.at_ms == 0 ? wallMs() : asked.at_ms;
    x.record.elapsed_us = 1234;
    const bool passes = interceptor.on_request(self, &x.record) == REELD_CONTINUE;
    x.record.status = passes ? asked.status : x.refused_with;
    if (!passes) {
      static std::mutex one_at_a_time;  // Catch2 takes assertions of one thread at a time
      const std::lock_guard lock(one_at_a_time);
      CHECK(std::string(x.problem.data()) == "audit-full");
      CHECK(x.retry_after_ms > 0);
    }
    x.record.is_refused = asked.is_refused ? 1 : 0;
    interceptor.on_complete(self, &x.record);
    return x.record.status;
  }

  Json report(const std::string& what) const {
    std::string text;
    const reeld_sink sink{&text, [](void* ctx, reeld_bytes json, std::uint64_t) {
                            *static_cast<std::string*>(ctx) = plugin::view(json);
                          }};
    reeld_error failure = plugin::blankError();
    const auto& table = this->table<reeld_report>(REELD_REPORT);
    REQUIRE(table.report(self, nullptr, plugin::abi(what), &sink, &failure) == REELD_OK);
    return Json::parse(text);
  }
  /// Waits until nothing waits to be stored.
  void settle() { settleBut(0); }
  /// The same, but for so many that go on waiting.
  void settleBut(std::int64_t rest) {
    for (int i = 0; i < 400; ++i) {
      if (report("state").array()[0].find("waiting")->integer() == rest) {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    FAIL("records wait for ever: " << report("state").dump());
  }
  Json::Array records() const {
    Json::Array all;
    std::string place;
    do {
      const Json piece = report("export" + place);
      const auto& some = piece.find("records")->array();
      all.insert(all.end(), some.begin(), some.end());
      place = piece.find("next")->isNull() ? "" : " " + piece.find("next")->text();
    } while (!place.empty());
    return all;
  }

  struct Verdict {
    std::int64_t records = 0;
    std::int64_t maybe_missing = 0;
    std::int64_t unanchored = 0;
    std::set<std::string> found;  ///< "changed 1 17"
    std::string notes;
  };
  Verdict verify() const {
    Verdict verdict;
    std::string place;
    do {
      const Json piece = report("verify" + place);
      verdict.records += piece.find("records")->integer();
      verdict.maybe_missing += piece.find("maybe_missing")->integer();
      verdict.unanchored += piece.find("unanchored")->integer();
      for (const Json& finding : piece.find("findings")->array()) {
        verdict.found.insert(finding.find("what")->text() + " " +
                             std::to_string(finding.find("boot")->integer()) + " " +
                             std::to_string(finding.find("seq")->integer()));
      }
      for (const Json& note : piece.find("notes")->array()) {
        verdict.notes += note.text() + "\n";
      }
      place = piece.find("next")->isNull() ? "" : " " + piece.find("next")->text();
    } while (!place.empty());
    return verdict;
  }
};

inline std::string fieldOf(const Json& record, const char* name) {
  const Json* value = record.find(name);
  return value == nullptr ? "absent" : value->isString() ? value->text() : value->dump();
}

}  // namespace reeld::test
