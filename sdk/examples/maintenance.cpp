// Answers 503 to everybody while work is done on the site, except to who comes from one address.
// Put it into the list and reload to close the site, take it out and reload to open it again:
//
//   plugins: {maintenance: {use: maintenance, config: "192.0.2.7"}}
//   interceptors: [{name: maintenance, exclude: [health]}]
#include <reeld/plugin.hpp>

using namespace reeld::sdk;

class Maintenance {
 public:
  static constexpr auto id = "org.example.maintenance";
  static constexpr auto version = "1.0.0";
  static constexpr auto name = "Maintenance mode";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({"type": "string", "pattern": "^[0-9a-f.:]*$"})";

  // The configuration is JSON, so a text comes in its quotes.
  Maintenance(Host host, std::string_view config) : let_in_(config.substr(1, config.size() - 2)) {
    host.info("the site can be closed", {{"except_for", let_in_}});
  }

  int32_t onRequest(Exchange x) noexcept {
    constexpr uint32_t MinuteMs = 60'000;
    return x.peer() == let_in_ ? REELD_CONTINUE : x.respond(503, "maintenance", MinuteMs);
  }

 private:
  std::string let_in_;
};

REELD_PLUGIN(Maintenance)
