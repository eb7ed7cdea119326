// From configuration to running instances: what is fatal, what is left out, and in which order.
#include "plugin/registry.h"

#include "world.h"

#include <reeld/kind/auth.h>
#include <reeld/kind/storage.h>

using namespace reeld;
using namespace reeld::test;
using plugin::InstanceSettings;

namespace {

InstanceSettings scripted(const std::string& name, const std::string& letter,
                          const std::string& config = "{}", bool required = true) {
  return {name, "scripted-" + letter, required, Json::parse(config)};
}

std::size_t position(const std::string& text, const std::string& what) {
  const auto found = text.find(what);
  REQUIRE(found != std::string::npos);
  return found;
}

}  // namespace

TEST_CASE("a plugin that is required and missing stops the start with four parts") {
  World world;
  world.add(tiny("good"));
  auto& registry = world.build({{"directory", "goood", true, {}}});
  CHECK(codeThrown([&] { registry.load(); }) == ErrorCode::Invalid);
  CHECK(messageOf([&] {
          world.build({{"directory", "goood", true, {}}}).load();
        }) == "plugin \"directory\" (goood.so): is in none of the plugin folders (" +
                  (world.folder / "plugins") +
                  ")\n       -> copy it there, or correct \"use\" (did you mean \"good\"?)");
}

TEST_CASE("all refusals of required instances are told at once") {
  World world;
  world.add(tiny("wrong-major"));
  const std::string text = messageOf([&] {
    world.build({{"one", "wrong-major", true, {}}, {"two", "absent", true, {}}}).load();
  });
  CHECK_THAT(text, ContainsSubstring("plugin \"one\" (wrong-major.so): needs plugin ABI 7.3"));
  CHECK_THAT(text, ContainsSubstring("\nplugin \"two\" (absent.so): is in none"));
}

TEST_CASE("a world-writable plugin is refused with its chmod") {
  World world;
  const std::string file = world.add(tiny("good"));
  std::filesystem::permissions(file, std::filesystem::perms(0666));
  CHECK(messageOf([&] {
          world.build({{"x", "good", true, {}}}).load();
        }) ==
        "plugin \"x\" (good.so): " + file +
            " can be written by its group and by everybody (mode 0666)\n       -> chmod 0644 " +
            file);
}

TEST_CASE("a configuration that breaks the plugin's schema is told by its pointer") {
  World world;
  world.add(tiny("scripted-a"));
  const std::string text = messageOf(
      [&] { world.build({scripted("throttle", "a", R"({"per_minute": 0, "speed": 1})")}).load(); });
  CHECK_THAT(text, StartsWith("plugin \"throttle\" (scripted-a.so): "));
  CHECK_THAT(text, ContainsSubstring("/per_minute: must be at least 1 (got 0)"));
  CHECK_THAT(text, ContainsSubstring("/speed"));
  CHECK_THAT(text, EndsWith("-> correct plugins.throttle.config"));
}

TEST_CASE("a plugin without a schema takes no configuration") {
  World world;
  world.add(tiny("good"));
  CHECK_THAT(messageOf([&] {
               world.build({{"x", "good", true, Json::parse(R"({"a": 1})")}}).load();
             }),
             ContainsSubstring("takes no configuration\n       -> remove plugins.x.config"));
}

TEST_CASE("names that are paths are refused before a file is looked for") {
  World world;
  CHECK_THAT(messageOf([&] {
               world.build({{"x", "../evil", true, {}}}).load();
             }),
             ContainsSubstring("a plugin is named, never given as a path"));
}

TEST_CASE("instances start after the plugins theirs names and stop in reverse") {
  World world;
  world.add(tiny("scripted-a"));  // after org.reeld.test.b
  world.add(tiny("scripted-b"));
  world.run({scripted("first", "a"), scripted("second", "b")}).stop(std::chrono::seconds(5));
  const std::string log = world.log.text();
  CHECK(position(log, "created instance=second") < position(log, "created instance=first"));
  CHECK(position(log, "created instance=first") < position(log, "began instance=second"));
  CHECK(position(log, "began instance=second") < position(log, "began instance=first"));
  CHECK(position(log, "ended instance=first") < position(log, "ended instance=second"));
  CHECK(position(log, "destroyed instance=first") < position(log, "ended instance=second"));
}

TEST_CASE("an instance that is not required and fails is kept with its reason") {
  World world;
  world.add(tiny("scripted-b"));
  auto& registry = world.run({scripted("sick", "b", R"({"refuse": "create"})", false),
                              {"gone", "absent", false, {}},
                              scripted("well", "b")});
  const auto list = registry.list();
  REQUIRE(list.size() == 3);
  CHECK(list[0].state == "failed");
  CHECK_THAT(list[0].reason, ContainsSubstring("create() says: /refuse: there is no such server"));
  CHECK(list[1].state == "failed");
  CHECK_THAT(list[1].reason, ContainsSubstring("is in none of the plugin folders"));
  CHECK(list[2].state == "started");
  CHECK(list[2].kinds == std::vector<std::string>{"reeld.auth/1"});
  CHECK(list[2].abi == "1.0");
  // It can still be asked for: its calls say why they fail.
  CHECK(&registry.require("gone", REELD_AUTH, "auth_providers") == registry.find("gone"));
}

TEST_CASE("a required instance whose start fails takes down what was started before it") {
  World world;
  world.add(tiny("scripted-a"));
  world.add(tiny("scripted-b"));
  auto& registry =
      world.build({scripted("fine", "b"), scripted("sick", "a", R"({"refuse": "start"})")});
  registry.load();
  const std::string text = messageOf([&] { registry.start(); });
  CHECK_THAT(text,
             ContainsSubstring(
                 "plugin \"sick\" (scripted-a.so): start() says: the server does not answer"));
  CHECK_THAT(world.log.text(), ContainsSubstring("ended instance=fine"));
  CHECK_THAT(world.log.text(), ContainsSubstring("destroyed instance=fine"));
  CHECK_THAT(world.log.text(), ContainsSubstring("destroyed instance=sick"));
  CHECK(world.log.text().find("ended instance=sick") == std::string::npos);
}

TEST_CASE("all required instances that cannot be created are told at once") {
  World world;
  world.add(tiny("scripted-a"));
  world.add(tiny("scripted-b"));
  auto& registry = world.build({scripted("one", "a", R"({"refuse": "create"})"),
                                scripted("two", "b", R"({"refuse": "create"})")});
  registry.load();
  const std::string text = messageOf([&] { registry.start(); });
  CHECK_THAT(text, ContainsSubstring("plugin \"one\" (scripted-a.so): create() says: "));
  CHECK_THAT(text, ContainsSubstring("plugin \"two\" (scripted-b.so): create() says: "));
}

TEST_CASE("an instance that was created and never started is destroyed without being stopped") {
  World world;
  world.add(tiny("scripted-a"));
  world.add(tiny("scripted-b"));
  auto& registry =
      world.build({scripted("late", "a"), scripted("sick", "b", R"({"refuse": "start"})")});
  registry.load();
  messageOf([&] { registry.start(); });
  CHECK_THAT(world.log.text(), ContainsSubstring("destroyed instance=late"));
  CHECK(world.log.text().find("ended instance=late") == std::string::npos);
}

TEST_CASE("two files with one id are not loaded together") {
  World world;
  const std::string first = world.add(tiny("scripted-a"));
  std::filesystem::copy_file(first, world.folder / "plugins/copied.so");
  CHECK_THAT(messageOf([&] {
               world.build({scripted("x", "a"), {"y", "copied", true, {}}}).load();
             }),
             ContainsSubstring("plugin \"y\" (copied.so): has the id org.reeld.test.a"));
}

TEST_CASE("a configuration key that names the wrong kind of instance is told so") {
  World world;
  world.add(tiny("scripted-a"));
  auto& registry = world.run({scripted("x", "a")});
  CHECK(messageOf([&] { registry.require("x", REELD_STORAGE, "storage"); }) ==
        "plugin \"x\" (scripted-a.so): does not offer reeld.storage/1, but reeld.auth/1\n       -> "
        "name an instance that does under \"storage\"");
  CHECK_THAT(messageOf([&] { registry.require("z", REELD_STORAGE, "storage"); }),
             StartsWith("storage: there is no plugin instance \"z\""));
}

TEST_CASE("an encoder is known by path and configuration and not opened in the daemon") {
  World world;
  world.add(std::string(REELD_SCRIPTED_ENCODER));
  auto& registry = world.run({{"enc", "scripted-encoder", true, {}}});
  CHECK(registry.list()[0].state == "probed");
  CHECK(registry.find("enc")->table("reeld.encoder/1") == nullptr);
  const auto facts = registry.workerPlugin("enc", "reeld.encoder/1", "encoder");
  CHECK(facts.path == world.folder / "plugins/scripted-encoder.so");
  CHECK(facts.config == "{}");
  std::ifstream maps("/proc/self/maps");
  const std::string all((std::istreambuf_iterator<char>(maps)), {});
  CHECK(all.find("scripted-encoder.so") == std::string::npos);
}

TEST_CASE("a value that came as text has the type that the plugin's schema says") {
  World world;
  world.add(tiny("scripted-a"));
  // YAML takes an empty text for null.
  InstanceSettings settings = scripted("x", "a", R"({"refuse": null, "per_minute": 7})");
  settings.loose = {{"/refuse", ""}, {"/per_minute", "7"}};
  auto& registry = world.build({settings});
  registry.load();
  CHECK_THAT(registry.find("x")->config(), ContainsSubstring(R"("refuse":"")"));
  CHECK_THAT(registry.find("x")->config(), ContainsSubstring(R"("per_minute":7)"));
  // Written as null in a file, it stays that, and is refused.
  settings.loose = {};
  CHECK_THAT(messageOf([&] { world.build({settings}).load(); }),
             ContainsSubstring("/refuse: must be a string"));
}

TEST_CASE("a reload changes configurations together or not at all") {
  World world;
  world.add(tiny("scripted-a"));
  world.add(tiny("scripted-b"));
  world.add(tiny("good"));
  auto& registry = world.run({scripted("x", "a"), scripted("y", "b"), {"z", "good", true, {}}});
  const auto with = [&](const std::string& x, const std::string& y) {
    return std::vector<InstanceSettings>{
        scripted("x", "a", x), scripted("y", "b", y), {"z", "good", true, {}}};
  };
  registry.reconfigure(with(R"({"per_minute": 7})", "{}"));
  CHECK_THAT(registry.find("x")->config(), ContainsSubstring("\"per_minute\":7"));

  // y refuses, so x goes back to 7.
  CHECK_THAT(messageOf([&] {
               registry.reconfigure(with(R"({"per_minute": 9})", R"({"refuse": "reconfigure"})"));
             }),
             ContainsSubstring("plugin \"y\" (scripted-b.so): cannot be changed to that"));
  CHECK_THAT(registry.find("x")->config(), ContainsSubstring("\"per_minute\":7"));

  CHECK_THAT(messageOf([&] { registry.reconfigure(with(R"({"per_minute": 0})", "{}")); }),
             ContainsSubstring("/per_minute: must be at least 1"));
  CHECK_THAT(messageOf([&] { registry.reconfigure({scripted("x", "a")}); }),
             ContainsSubstring("restart reeld to apply it"));
}

TEST_CASE("plugins check says of an instance what the daemon would say") {
  World world;
  world.add(tiny("scripted-a"));
  auto& registry =
      world.build({scripted("good", "a"), scripted("bad", "a", R"({"per_minute": 0})")});
  CHECK(registry.check("good").ok);
  CHECK(registry.check("good").text ==
        "plugin \"good\" (scripted-a.so): org.reeld.test.a 1.2.3, ABI 1.0, reeld.auth/1");
  const auto bad = registry.check("bad");
  CHECK_FALSE(bad.ok);
  CHECK(bad.text == messageOf([&] { registry.load(); }));
  CHECK_FALSE(registry.check("unheard-of").ok);
}
