// A provider whose conduct the test chooses: by the identifier it is asked about, by its
// configuration, and by files in its data folder. SCRIPTED_ID and SCRIPTED_AFTER make several
// plugins of it.
#include <reeld/plugin.hpp>

#include <time.h>
#include <unistd.h>

#ifndef SCRIPTED_AFTER
#define SCRIPTED_AFTER nullptr
#endif

using namespace reeld::sdk;

namespace {

int64_t nowMs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

void nap() {
  const timespec millisecond{0, 1'000'000};
  nanosleep(&millisecond, nullptr);
}

class Scripted {
 public:
  static constexpr auto id = SCRIPTED_ID;
  static constexpr auto version = "1.2.3";
  static constexpr auto after = static_cast<const char*>(SCRIPTED_AFTER);
  static constexpr auto config_schema = R"({
    "type": "object", "additionalProperties": false,
    "properties": {
      "refuse": {"type": "string", "enum": ["", "create", "start", "reconfigure"], "default": ""},
      "per_minute": {"type": "integer", "minimum": 1, "default": 60}
    }
  })";

  Scripted(Host host, std::string_view config) : host_(host), config_(config) {
    if (refuses("create")) {
      throw Failure(REELD_INVALID, "there is no such server").at("/refuse");
    }
    host_.info("created");
  }
  ~Scripted() { host_.info("destroyed"); }
  void start() {
    if (refuses("start")) {
      throw Failure(REELD_UNAVAILABLE, "the server does not answer");
    }
    host_.info("began");
  }
  void stop(int64_t) { host_.info("ended"); }
  void reconfigure(std::string_view config) {
    config_ = config;
    if (refuses("reconfigure")) {
      throw Failure(REELD_INVALID, "cannot be changed to that");
    }
  }
  void health() {
    if (access((std::string(host_.dataDir()) + "/ill").c_str(), F_OK) == 0) {
      throw Failure(REELD_UNAVAILABLE, "still ill");
    }
  }

  reeld_status authenticate(Call call, const Credential& credential, IdentitySink sink) {
    const std::string_view who = credential.identifier();
    if (who == "ok") {
      sink.identity("subject-1", "Ada", "ada@example.org", true);
      return REELD_OK;
    }
    if (who == "config") {
      sink.identity("subject-1", config_, "", false);
      return REELD_OK;
    }
    if (who == "nobody") {
      return REELD_OK;  // without saying who
    }
    if (who == "late") {
      while (nowMs() <= call.deadlineMs() + 1) {
        nap();
      }
      return REELD_DENIED;
    }
    if (who == "block") {
      while (!call.cancelled()) {
        nap();
      }
      return REELD_CANCELLED;
    }
    if (who == "unknown status") {
      return 77;
    }
    if (who == "down") {
      throw Failure(REELD_UNAVAILABLE, "the server is down").retryAfter(2500);
    }
    return who == "denied" ? REELD_DENIED : REELD_DEFER;
  }

 private:
  bool refuses(std::string_view what) const {
    return config_.find("\"refuse\":\"" + std::string(what)) != std::string::npos;
  }
  Host host_;
  std::string config_;
};

}  // namespace

REELD_PLUGIN(Scripted)
