// An interceptor plugin behind its C table, with an exchange made by hand: time, caller and route
// are the test's, and what the plugin does to the answer can be read.
#pragma once
#include "held.h"

#include <reeld/kind/interceptor.h>

#include <array>
#include <map>

namespace reeld::test {

/// One exchange. The functions it offers to the plugin allocate nothing.
struct HeldExchange {
  reeld_exchange record{};  // first: the plugin's pointer leads back here
  std::array<std::byte, REELD_MAX_SCRATCH> scratch{};
  struct Field {
    std::array<char, 64> name{};
    std::array<char, 96> value{};
  };
  std::array<Field, 8> fields{};
  std::size_t field_count = 0;
  std::int32_t refused_with = 0;
  std::array<char, 64> problem{};
  std::uint32_t retry_after_ms = 0;

  HeldExchange(const char* group, const char* user, const char* peer, std::int64_t now_us) {
    record.struct_size = sizeof record;
    record.scratch = scratch.data();
    record.api = &Api;
    record.method = plugin::abi("GET");
    record.path = record.route = plugin::abi("/api/v1/videos");
    record.group = plugin::abi(group);
    record.user_id = plugin::abi(user);
    record.peer = plugin::abi(peer);
    record.request_id = plugin::abi("request");
    record.started_us = now_us;
  }
  HeldExchange(const HeldExchange&) = delete;
  HeldExchange& operator=(const HeldExchange&) = delete;

  std::string field(const std::string& name) const {
    for (std::size_t i = 0; i < field_count; ++i) {
      if (name == fields[i].name.data()) {
        return fields[i].value.data();
      }
    }
    return "";
  }

 private:
  static HeldExchange& of(reeld_exchange* x) { return *reinterpret_cast<HeldExchange*>(x); }
  template <std::size_t N>
  static void copy(std::array<char, N>& to, reeld_str from) {
    std::copy_n(from.data, std::min(from.size, N - 1), to.begin());
  }
  static reeld_str header(const reeld_exchange*, reeld_str) { return {nullptr, 0}; }
  static void respond(reeld_exchange* x, std::int32_t status, reeld_str problem,
                      std::uint32_t retry_after_ms) {
    of(x).refused_with = status;
    copy(of(x).problem, problem);
    of(x).retry_after_ms = retry_after_ms;
  }
  static void setHeader(reeld_exchange* x, reeld_str name, reeld_str value) {
    HeldExchange& self = of(x);
    if (self.field_count < self.fields.size()) {
      copy(self.fields[self.field_count].name, name);
      copy(self.fields[self.field_count].value, value);
      ++self.field_count;
    }
  }
  static constexpr reeld_exchange_api Api{sizeof(reeld_exchange_api), 0, &header, &respond,
                                          &setHeader};
};

class InterceptorHeld : public Held {
 public:
  explicit InterceptorHeld(const std::string& name, const std::string& config = "{}",
                           const std::filesystem::path& data_dir = {},
                           const char* secret = SiteSecret)
      : Held(name, config, data_dir, secret),
        interceptor(table<reeld_interceptor>(REELD_INTERCEPTOR)) {}

  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const std::string& name : bundledNames()) {
      if (plugin::tableOf(opened(name), REELD_INTERCEPTOR) != nullptr) {
        out.push_back(name);
      }
    }
    REQUIRE_FALSE(out.empty());
    return out;
  }
  /// All phases, as far as the plugin has them. True: it let the request pass.
  bool pass(HeldExchange& x) const {
    const bool passes = interceptor.on_request == nullptr ||
                        interceptor.on_request(self, &x.record) == REELD_CONTINUE;
    x.record.status = passes ? 200 : x.refused_with;
    if (interceptor.on_response != nullptr) {
      interceptor.on_response(self, &x.record);
    }
    if (interceptor.on_complete != nullptr) {
      interceptor.on_complete(self, &x.record);
    }
    return passes;
  }

  const reeld_interceptor& interceptor;
};

}  // namespace reeld::test
