// Reading the configuration again: what is taken over, what waits, and what a fault leaves
// untouched.
#include "app/service/reload.h"

#include "base/error.h"
#include "catch.h"
#include "fixtures.h"

using namespace reeld;
using namespace reeld::app;
using service::Reload;

namespace {

struct ReloadedSite {
  explicit ReloadedSite(const std::string& yaml) {
    write(yaml);
    sources.file = folder.file("reeld.yaml");
    sources.file_was_named = true;
    reload = std::make_unique<Reload>(sources, config::load(sources), clock, lines.log, metrics);
  }
  void write(const std::string& yaml) const { folder.write("reeld.yaml", yaml); }
  bool succeeded() {
    return metrics.text().find("reeld_config_last_reload_successful 1") != std::string::npos;
  }

  Folder folder;
  HandClock clock;
  MemoryLog lines;
  Metrics metrics;
  config::Sources sources;
  std::unique_ptr<Reload> reload;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("what a part can take over is applied, the rest waits for a restart by name") {
  ReloadedSite site("log: {level: info}\n");
  std::string level;
  site.reload->add({{"log."}, {}, [&](const config::Settings& s) { level = s.log.level; }});
  site.write(
      "log: {level: debug}\nhttp: {listen: \"127.0.0.1:1\"}\nplugins: {disk: {config: {a: 1}}}\n");
  const auto outcome = site.reload->run();
  CHECK(outcome.ok);
  CHECK(outcome.applied == Names{"log.level"});
  CHECK(outcome.waiting == Names{"http.listen", "plugins.disk"});
  CHECK(level == "debug");
  CHECK(site.reload->current().settings.http.listen == "127.0.0.1:1");
  CHECK_THAT(site.lines.text(), ContainsSubstring("keys=\"http.listen plugins.disk\""));
  CHECK(site.succeeded());

  site.write("log: {level: debug}\n");
  CHECK(site.reload->run().waiting.empty());
}

TEST_CASE("a fault anywhere leaves everything as it was") {
  ReloadedSite site("log: {level: info}\n");
  bool applied = false;
  site.reload->add({{"log.level"}, {}, [&](const config::Settings&) { applied = true; }});
  site.write("log: {level: debug}\nhttp: {listne: x}\n");
  const auto outcome = site.reload->run();
  CHECK_FALSE(outcome.ok);
  CHECK_FALSE(applied);
  CHECK(site.reload->current().settings.log.level == "info");
  CHECK_THAT(site.lines.text(), ContainsSubstring("reeld.yaml:2:8: /http/listne: unknown key"));
  CHECK_FALSE(site.succeeded());
}

TEST_CASE("one part that refuses keeps all others from applying") {
  ReloadedSite site("");
  bool applied = false;
  site.reload->add({{"log.level"}, {}, [&](const config::Settings&) { applied = true; }});
  site.reload->add({{"upload."},
                    [](const config::Settings&) { throw Error(ErrorCode::Invalid, "not with me"); },
                    [&](const config::Settings&) { applied = true; }});
  site.write("log: {level: debug}\nupload: {max_bytes: 1}\n");
  const auto outcome = site.reload->run();
  CHECK_FALSE(outcome.ok);
  CHECK(outcome.faults == Names{"not with me"});
  CHECK_FALSE(applied);
}

TEST_CASE("a part that agrees by taking over is asked when all others have agreed") {
  ReloadedSite site("");
  Names order;
  bool refuses = false;
  site.reload->add(
      {{"plugins."}, {}, {}, [&](const config::Settings&) { order.push_back("taken"); }});
  site.reload->add({{"upload."},
                    [&](const config::Settings&) {
                      order.push_back("asked");
                      if (refuses) {
                        throw Error(ErrorCode::Invalid, "not with me");
                      }
                    },
                    [&](const config::Settings&) { order.push_back("applied"); }});
  const std::string both = "plugins: {disk: {config: {a: 1}}}\nupload: {max_bytes: ";
  site.write(both + "1}\n");
  CHECK(site.reload->run().ok);
  CHECK(order == Names{"asked", "taken", "applied"});

  order.clear();
  refuses = true;
  site.write("plugins: {disk: {config: {a: 2}}}\nupload: {max_bytes: 2}\n");
  CHECK_FALSE(site.reload->run().ok);
  CHECK(order == Names{"asked"});
}

TEST_CASE("a plugin instance that comes, goes or moves is a change") {
  config::Settings before;
  config::Settings after;
  CHECK(service::changedKeys(before, after).empty());
  std::swap(after.plugins[0], after.plugins[1]);
  CHECK(service::changedKeys(before, after) == Names{"plugins.disk", "plugins.password"});
  after = before;
  after.plugins.pop_back();
  CHECK(service::changedKeys(before, after) == Names{"plugins." + before.plugins.back().name});
}

TEST_CASE("a configuration that means the same is no change") {
  config::Settings before;
  config::Settings after;
  before.plugins[0].config = Json::parse(R"({"a": 1, "b": {"c": 2, "d": 3}})");
  after.plugins[0].config = Json::parse(R"({"b": {"d": 3, "c": 2}, "a": 1})");
  after.plugins[1].config = Json(Json::Object());
  CHECK(service::changedKeys(before, after).empty());
}

TEST_CASE("a change that its part cannot take over waits, and the rest is applied") {
  ReloadedSite site("log: {level: info}\n");
  bool taken = false;
  Reload::Part part;
  part.keys = {"plugins."};
  part.take_over = [&](const config::Settings&) { taken = true; };
  part.can = [](const std::string& key, const config::Settings&) { return key != "plugins.disk"; };
  site.reload->add(std::move(part));
  site.reload->add({{"log."}});
  site.write("log: {level: debug}\nplugins: {disk: {config: {a: 1}}}\n");
  const auto outcome = site.reload->run();
  CHECK(outcome.ok);
  CHECK_FALSE(taken);
  CHECK(outcome.applied == Names{"log.level"});
  CHECK(outcome.waiting == Names{"plugins.disk"});
}

TEST_CASE("each fault of a refusal is a line of its own, without escapes") {
  ReloadedSite site("");
  site.reload->add({{}, [](const config::Settings&) {
                      throw Error(ErrorCode::Invalid, "plugin \"a\": no\n       -> do this\nb");
                    }});
  const auto outcome = site.reload->run();
  CHECK(outcome.faults == Names{"plugin \"a\": no -> do this", "b"});
  CHECK(site.lines.text().find("\\x0a") == std::string::npos);
}
