// Each bad plugin of tests/plugins gets its own sentence and its own remedy, before the daemon
// opens it.
#include "world.h"

using namespace reeld;
using namespace reeld::test;

namespace {

struct Case {
  const char* plugin;
  const char* what;
  const char* remedy;
};

const Case Refused[] = {
    {"small-descriptor", "its descriptor has 16 bytes, ABI 1.0 has 120", "struct_size must be"},
    {"wrong-major", "needs plugin ABI 7.3, this reeld has 1.0",
     "install a build of the plugin for ABI 1"},
    {"newer-major", "needs plugin ABI 2, this reeld has 1.0", "upgrade reeld"},
    {"need-minor-too-high", "needs plugin ABI 1.9, this reeld has 1.0", "upgrade reeld"},
    {"bad-id", "its id \"My Plugin\" is not in reverse DNS form", "report it"},
    {"only-unknown", "offers reeld.telepathy/1 and nothing else", "upgrade reeld, or remove"},
    {"missing-function", "reeld.storage/1 lacks list()", "report it"},
    {"half-auth", "reeld.auth/1 lacks verify()", "report it"},
    {"no-send", "reeld.notifier/1 lacks send()", "report it"},
    {"no-phase", "reeld.interceptor/1 lacks on_request(), on_response() and on_complete()",
     "report it"},
    {"much-scratch", "asks for 257 bytes of scratch, 256 are the most", "report it"},
    {"bad-schema", "its config_schema is not a JSON Schema: /type", "report it"},
    {"null-descriptor", "reeld_plugin_abi1() returns no descriptor", "report it"},
    {"no-entry", "does not export reeld_plugin_abi1, so it is no reeld plugin",
     "reeld_add_plugin()"},
    {"undefined-symbol", "undefined symbol: a_function_nobody_has", "install what it needs"},
    {"crashes-at-load", "crashes while it is loaded (SIGSEGV)", "until then remove the instance"},
    {"exits-at-load", "ends the process that loads it (exit status 3): no licence found",
     "report it"},
};

plugin::CheckReport check(const std::string& name) {
  World world;
  return world.build({}).check(world.add(tiny(name)));
}

}  // namespace

TEST_CASE("every kind of bad plugin is refused with its own sentence and remedy") {
  for (const Case& each : Refused) {
    DYNAMIC_SECTION(each.plugin) {
      const auto report = check(each.plugin);
      CHECK_FALSE(report.ok);
      CHECK_THAT(report.text, ContainsSubstring(each.what));
      CHECK_THAT(report.text, ContainsSubstring(std::string("\n       -> ")));
      CHECK_THAT(report.text, ContainsSubstring(each.remedy));
    }
  }
}

TEST_CASE("the loader's own sentence is passed on without the noise around it") {
  const auto report = check("undefined-symbol");
  CHECK(report.text.find("dlerror") == std::string::npos);
  CHECK(report.text.find("Bad file descriptor") == std::string::npos);
  CHECK(report.text.find("boost") == std::string::npos);
}

TEST_CASE("a plugin that hangs while it is loaded is given up") {
  World world;
  const std::string file = world.add(tiny("hangs-at-load"));
  const plugin::Prober prober(REELD_WORKER, std::chrono::milliseconds(300));
  const auto answer = prober.probe(file);
  REQUIRE(std::holds_alternative<plugin::Refusal>(answer));
  CHECK_THAT(std::get<plugin::Refusal>(answer).what, StartsWith("hangs while it is loaded"));
}

TEST_CASE("an interface of the future is ignored beside one of today") {
  World world;
  const plugin::Prober prober(REELD_WORKER);
  const auto answer = prober.probe(world.add(tiny("unknown-interface")));
  REQUIRE(std::holds_alternative<plugin::Descriptor>(answer));
  const auto& descriptor = std::get<plugin::Descriptor>(answer);
  CHECK(descriptor.kinds == std::vector<std::string>{"reeld.auth/1"});
  CHECK(descriptor.ignored == std::vector<std::string>{"reeld.auth/99"});
}

TEST_CASE("what a plugin prints while it is loaded is not taken for the probe's answer") {
  const auto report = check("noisy");
  CHECK(report.ok);
  CHECK_THAT(report.text, ContainsSubstring("org.reeld.test.tiny 1.0.0, ABI 1.0, reeld.auth/1"));
}

TEST_CASE("a descriptor survives the way through JSON") {
  plugin::Descriptor before{"org.x.y",
                            "2.1",
                            "Name",
                            "Vendor",
                            "MIT",
                            1,
                            0,
                            "{\"type\": \"string\"}",
                            {"org.x.z"},
                            {"reeld.auth/1"},
                            {"reeld.auth/9"}};
  const auto after = plugin::descriptorFrom(Json::parse(plugin::toJson(before).dump()));
  CHECK(after.id == before.id);
  CHECK(after.version == before.version);
  CHECK(after.license == before.license);
  CHECK(after.config_schema == before.config_schema);
  CHECK(after.after == before.after);
  CHECK(after.kinds == before.kinds);
  CHECK(after.ignored == before.ignored);
}
