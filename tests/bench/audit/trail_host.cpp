#include "trail_host.h"

#include "plugin/descriptor.h"
#include "plugin/library.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <variant>

namespace reeld::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* Config = R"({"ring":8192,"keep_days":0})";

/// What the plugin gets to see of a request; nothing it does to one matters here.
constexpr reeld_exchange_api Api = {
    .struct_size = sizeof(reeld_exchange_api),
    .zero = 0,
    .header = [](const reeld_exchange*, reeld_str) -> reeld_str {
      return {nullptr, 0};
    },
    .respond = [](reeld_exchange*, std::int32_t, reeld_str, std::uint32_t) {},
    .set_header = [](reeld_exchange*, reeld_str, reeld_str) {}};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "bench_audit: %s\n", what.c_str());
  std::abort();
}

}  // namespace

TrailHost::TrailHost(const db::DatabaseOptions& database, const std::string& folder)
    : host_("bench-audit", folder), host_sql_(host_, database, log_, metrics_) {
  const auto opened = plugin::openLibrary(std::string(REELD_PLUGINS) + "/audit-trail.so");
  if (const auto* refusal = std::get_if<plugin::Refusal>(&opened)) {
    fail(refusal->what);
  }
  plugin_ = std::get<const reeld_plugin*>(opened);
  interceptor_ = static_cast<const reeld_interceptor*>(plugin::tableOf(plugin_, REELD_INTERCEPTOR));
  report_ = static_cast<const reeld_report*>(plugin::tableOf(plugin_, REELD_REPORT));
  reeld_error error = plugin::blankError();
  if (plugin_->create(host_.abi(), plugin::abi(Config), &self_, &error) != REELD_OK ||
      plugin_->start(self_, &error) != REELD_OK) {
    fail(error.message);
  }
  scheduler_.begin();
}

TrailHost::~TrailHost() {
  scheduler_.end(std::chrono::seconds(10));
  plugin_->stop(self_, 0);
  plugin_->destroy(self_);
}

void TrailHost::request(int number) {
  std::array<std::byte, REELD_MAX_SCRATCH> scratch{};
  reeld_exchange x{};
  x.struct_size = sizeof x;
  x.scratch = scratch.data();
  x.api = &Api;
  x.method = plugin::abi("POST");
  x.path = plugin::abi("/api/v1/videos/17/upload");
  x.route = plugin::abi("/api/v1/videos/{id}/upload");
  x.group = plugin::abi("upload");
  x.peer = plugin::abi("192.0.2.7");
  x.user_id = plugin::abi(number % 2 == 0 ? "7" : "");
  x.request_id = plugin::abi("Qm9yZWQgb2YgdGhpcw");
  x.started_ms = 1'764'410'400'000 + number;
  x.elapsed_us = 1234;
  while (interceptor_->on_request(self_, &x) != REELD_CONTINUE) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // as a client would, at the door
  }
  x.status = 200;
  interceptor_->on_complete(self_, &x);
}

Json TrailHost::report(const std::string& what) const {
  std::string text;
  const reeld_sink sink{&text, [](void* ctx, reeld_bytes json, std::uint64_t) {
                          *static_cast<std::string*>(ctx) = plugin::view(json);
                        }};
  reeld_error error = plugin::blankError();
  if (report_->report(self_, nullptr, plugin::abi(what), &sink, &error) != REELD_OK) {
    fail(error.message);
  }
  return Json::parse(text);
}

Cost TrailHost::record(int requests) {
  const auto stored = [&] { return report("state").array()[0].find("stored")->integer(); };
  const std::int64_t before = stored();
  const Stopwatch watch;
  for (int i = 0; i < requests; ++i) {
    request(i);
  }
  while (stored() < before + requests) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return watch.of(requests);
}

double TrailHost::verify() {
  std::int64_t records = 0;
  std::string place;
  const auto began = Clock::now();
  do {
    const Json piece = report("verify" + place);
    records += piece.find("records")->integer();
    if (!piece.find("findings")->array().empty()) {
      fail("verification says " + piece.find("findings")->dump());
    }
    place = piece.find("next")->isNull() ? "" : " " + piece.find("next")->text();
  } while (!place.empty());
  const std::chrono::duration<double> took = Clock::now() - began;
  return static_cast<double>(records) / took.count();
}

}  // namespace reeld::bench
