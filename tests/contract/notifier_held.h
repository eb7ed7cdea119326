// A notifier plugin behind its C table, with values in and out.
#pragma once
#include "held.h"

#include <reeld/kind/notifier.h>

#include <time.h>

namespace reeld::test {

inline std::int64_t monotonicMs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

struct HeldNotice {
  std::string key = "7-abc_DEF";
  std::string channel = "mail";
  std::string from = "noreply@example.org";
  std::string to = "ada@example.org";
  std::string message = "Subject: x\r\n\r\ntext\r\n";
};

class NotifierHeld : public Held {
 public:
  explicit NotifierHeld(const std::string& name, const std::string& config = "{}")
      : Held(name, config) {}

  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const std::string& name : bundledNames()) {
      if (plugin::tableOf(opened(name), REELD_NOTIFIER) != nullptr) {
        out.push_back(name);
      }
    }
    REQUIRE(out.size() >= 2);
    return out;
  }

  /// The deadline is `patience_ms` from now. Any thread.
  reeld_status send(const HeldNotice& notice, std::int64_t patience_ms = 10'000,
                    const std::int32_t* cancelled = nullptr) {
    const auto* notifier = static_cast<const reeld_notifier*>(plugin::tableOf(raw, REELD_NOTIFIER));
    reeld_notice out{};
    out.struct_size = sizeof out;
    out.idempotency_key = plugin::abi(notice.key);
    out.channel = plugin::abi(notice.channel);
    out.purpose = plugin::abi("trial");
    out.from = plugin::abi(notice.from);
    out.to = plugin::abi(notice.to);
    out.subject = plugin::abi("x");
    out.text = plugin::abi("text");
    out.html = plugin::abi("<p>text</p>");
    out.message = plugin::abiBytes(notice.message);
    const reeld_call call{sizeof call, 0, {}, {}, monotonicMs() + patience_ms, cancelled};
    reeld_error answer = plugin::blankError();
    const reeld_status got = notifier->send(self, &call, &out, &answer);
    said = answer.message;
    return got;
  }
  std::string said;  ///< with the last answer
};

}  // namespace reeld::test
