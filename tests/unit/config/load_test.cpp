// Which value wins, what variables and assignments mean, and what comes out at the other end.
#include "catch.h"
#include "config/keys.h"
#include "config/print.h"
#include "config/units.h"
#include "scratch.h"

#include <algorithm>

using namespace reeld::config;
using reeld::Json;

TEST_CASE("files, drop-ins in order, variables and assignments beat each other in that order") {
  const Scratch scratch;
  scratch.write("reeld.yaml",
                "log: {level: error, format: json}\nhttp: {threads: 1}\n"
                "database: {pool: 2}\nupload: {max_bytes: 1GiB}\n");
  scratch.write("conf.d/20-b.yaml", "log: {level: debug}\ndatabase: {pool: 4}\n");
  scratch.write("conf.d/10-a.yaml",
                "log: {level: warning}\nhttp: {threads: 2}\ndatabase: {pool: 3}\n");
  scratch.write("conf.d/30-c.yaml.dpkg-dist", "log: {level: info}\n");
  scratch.write("conf.d/.40-d.yaml", "log: {level: info}\n");
  const auto loaded = scratch.load({{"REELD__DATABASE__POOL", "5"}, {"REELD__HTTP__THREADS", "3"}},
                                   {"database.pool=6"});
  REQUIRE(scratch.faults(loaded).empty());
  CHECK(loaded.settings.upload.max_bytes == 1ULL << 30);
  CHECK(loaded.settings.log.format == "json");
  CHECK(loaded.settings.log.level == "debug");
  CHECK(loaded.settings.http.threads == 3);
  CHECK(loaded.settings.database.pool == 6);
  CHECK(loaded.files.size() == 3);
  CHECK(loaded.notes.empty());

  scratch.write("conf.d/50-e.yml", "log: {level: info}\n");
  const auto noted = scratch.load();
  CHECK(noted.files.size() == 3);
  REQUIRE(noted.notes.size() == 1);
  CHECK_THAT(noted.notes[0], EndsWith("conf.d/50-e.yml is not read: only names that end with "
                                      ".yaml are"));
}

TEST_CASE("lists replace, maps merge") {
  const Scratch scratch;
  scratch.write("reeld.yaml",
                "processing: {ladder: [240, 360], crf: 23}\n"
                "plugins: {libav: {config: {a: 1, b: {c: 2}}}}\n");
  scratch.write("conf.d/a.yaml",
                "processing: {ladder: [480]}\nplugins: {libav: {config: {b: {d: x}}}}\n");
  const auto loaded = scratch.load();
  REQUIRE(scratch.faults(loaded).empty());
  CHECK(loaded.settings.processing.ladder == std::vector<std::int64_t>{480});
  CHECK(loaded.settings.processing.crf == 23);
  CHECK(loaded.settings.plugins.at(2).use == "encoder-libav");
  CHECK(loaded.settings.plugins.at(2).config.dump() == R"({"a":1,"b":{"c":2,"d":"x"}})");
}

TEST_CASE("a variable is read by what it leads to") {
  const Scratch scratch;
  scratch.write("reeld.yaml", "plugins: {disk: {config: {folderName: m, depth-limit: 1}}}\n");
  const auto loaded = scratch.load({
      {"REELD__HTTP__CORS_ORIGINS", "https://a.example, http://b.example:8080"},
      {"REELD__PROCESSING__LADDER", "[240, 360]"},
      {"REELD__HTTP__TRUSTED_PROXIES", ""},
      {"REELD__UPLOAD", "{max_bytes: 5MiB}"},
      {"REELD__DATA_DIR", "/srv/a: b #c"},
      {"REELD__PLUGINS__RATE_LIMIT__USE", "rate-limit"},
      {"REELD__PLUGINS__RATE_LIMIT__CONFIG__AUTH", "100"},
      {"REELD__PLUGINS__RATE_LIMIT__CONFIG__KEYS", "[1, \"2\"]"},
      {"REELD__PLUGINS__RATE_LIMIT__REQUIRED", "false"},
      {"REELD__PLUGINS__DISK__CONFIG__FOLDERNAME", "n: o"},
      {"REELD__PLUGINS__DISK__CONFIG__DEPTH_LIMIT", "2"},
      {"REELD__PLUGINS__DISK__CONFIG__NEW_ONE", "true"},
  });
  REQUIRE(scratch.faults(loaded).empty());
  const auto& s = loaded.settings;
  CHECK(s.http.cors_origins ==
        std::vector<std::string>{"https://a.example", "http://b.example:8080"});
  CHECK(s.http.trusted_proxies.empty());
  CHECK(s.processing.ladder == std::vector<std::int64_t>{240, 360});
  CHECK(s.upload.max_bytes == 5 << 20);
  CHECK(s.data_dir == "/srv/a: b #c");
  REQUIRE(s.plugins.size() == Settings().plugins.size());
  CHECK(s.plugins[1].config.dump() == R"({"folderName":"n: o","depth-limit":2,"new_one":true})");
  CHECK(s.plugins[4].name == "rate-limit");
  CHECK(s.plugins[4].config.dump() == R"({"auth":100,"keys":[1,"2"]})");
  // What came without a type says so, for the plugin's schema to give it one.
  CHECK(s.plugins[4].loose == std::vector<reeld::LooseText>{{"/auth", "100"}});
  CHECK(s.plugins[1].loose == std::vector<reeld::LooseText>{{"/folderName", "n: o"},
                                                            {"/depth-limit", "2"},
                                                            {"/new_one", "true"}});
  CHECK_FALSE(s.plugins[4].required);
}

TEST_CASE("an assignment may contain what a name may not") {
  const Scratch scratch;
  const auto loaded = scratch.load({}, {"http.cors_origins=https://a.example:1",
                                        "plugins.x={use: y}", "plugins.x.config.k=a=b.c"});
  REQUIRE(scratch.faults(loaded).empty());
  CHECK(loaded.settings.http.cors_origins == std::vector<std::string>{"https://a.example:1"});
  CHECK(loaded.settings.plugins.back().config.dump() == R"({"k":"a=b.c"})");
}

TEST_CASE("faulty variables and assignments are named") {
  const Scratch scratch;
  CHECK(scratch.faults(scratch.load({{"REELD__HTTP____X", "1"}})) ==
        "REELD__HTTP____X: has an empty name in it\n");
  CHECK(scratch.faults(scratch.load({{"REELD__PROCESSING__LADDER", "[1"}})) ==
        "REELD__PROCESSING__LADDER: /processing/ladder: not valid YAML: end of sequence flow not "
        "found\n");
  CHECK(scratch.faults(scratch.load({{"REELD__DATABASE__POOL", "1, 2"}})) ==
        "REELD__DATABASE__POOL: /database/pool: must be a whole number from 1 to 256 (got \"1, "
        "2\")\n");
  CHECK(scratch.faults(scratch.load({}, {"log.level"})) ==
        "--set log.level: must be NAME=VALUE, such as log.level=debug\n");
}

TEST_CASE("only variables that begin with REELD__ are taken from the environment") {
  std::vector<std::string> text = {"REELD__B=2", "PATH=/bin", "REELD__A=1=1", "REELD_C=3",
                                   "REELD__D"};
  std::vector<char*> variables;
  for (auto& one : text) {
    variables.push_back(one.data());
  }
  variables.push_back(nullptr);
  const Environment found = reeldVariables(variables.data());
  CHECK(found == Environment{{"REELD__A", "1=1"}, {"REELD__B", "2"}});
}

TEST_CASE("a default plugin instance goes when it is set to null") {
  const Scratch scratch;
  const auto loaded = scratch.loadYaml(
      "plugins: {disk: ~, s3: {use: storage-s3, config: {bucket: b}}}\nstorage: s3\n");
  REQUIRE(scratch.faults(loaded).empty());
  CHECK(loaded.settings.plugins.size() == Settings().plugins.size());
  CHECK(loaded.settings.plugins.back().name == "s3");
}

TEST_CASE("the shipped file says exactly the defaults, and every key of the settings") {
  const Scratch scratch;
  scratch.write("reeld.yaml", std::string(defaultConfig()));
  const auto shipped = scratch.load();
  REQUIRE(scratch.faults(shipped).empty());
  const Settings defaults;
  for (const auto& key : allKeys()) {
    CAPTURE(key.name);
    CHECK(key.print(shipped.settings).dump() == key.print(defaults).dump());
  }
  const Json rows = configAsJson(shipped);
  for (const auto& row : rows.array()) {
    CAPTURE(row.find("key")->text());
    CHECK(row.find("origin")->text() != "default");
  }
  REQUIRE(shipped.settings.plugins.size() == defaults.plugins.size());
  for (std::size_t i = 0; i < defaults.plugins.size(); ++i) {
    CHECK(shipped.settings.plugins[i].name == defaults.plugins[i].name);
    CHECK(shipped.settings.plugins[i].use == defaults.plugins[i].use);
    CHECK(shipped.settings.plugins[i].required == defaults.plugins[i].required);
  }
}

TEST_CASE("what is printed tells the origin, masks secrets and can be read back") {
  const Scratch scratch;
  scratch.write("reeld.yaml",
                "database:\n"
                "  url: \"postgresql://reeld:hunter2@db/reeld?password=hunter2\"\n"
                "auth: {secret_file: /etc/reeld/key}\n"
                "plugins:\n"
                "  libav: null\n"
                "  enc: {use: encoder-x, config: {api_key: hunter2, on: \"off\"}}\n"
                "encoder: enc\n");
  const auto loaded =
      scratch.load({{"REELD__LOG__LEVEL", "debug"}, {"REELD__AUTH__THROTTLE__REGISTRATIONS", "9"}},
                   {"http.threads=7"});
  REQUIRE(scratch.faults(loaded).empty());
  const std::string text = printConfig(loaded);
  CHECK(text.find("hunter2") == std::string::npos);
  CHECK(configAsJson(loaded).dump().find("hunter2") == std::string::npos);
  const auto originOf = [&](const std::string& line) {
    const auto at = text.find(line);
    REQUIRE(at != std::string::npos);
    const auto hash = text.find("# ", at) + 2;
    return text.substr(hash, text.find('\n', hash) - hash);
  };
  CHECK(originOf("  url: \"postgresql://reeld:***@db/reeld?password=***\"") ==
        scratch.path("reeld.yaml") + ":2:8");
  CHECK(originOf("  level: debug") == "REELD__LOG__LEVEL");
  CHECK(originOf("    registrations: 9") == "REELD__AUTH__THROTTLE__REGISTRATIONS");
  CHECK(originOf("  threads: 7") == "--set http.threads");
  CHECK(originOf("  pool: 8") == "default");
  CHECK(originOf("      \"on\": \"off\"") == scratch.path("reeld.yaml") + ":6:56");

  scratch.write("reeld.yaml", text);
  const auto again = scratch.load();
  REQUIRE(scratch.faults(again).empty());
  for (const auto& key : allKeys()) {
    if (key.name != "database.url") {
      CHECK(key.print(again.settings).dump() == key.print(loaded.settings).dump());
    }
  }
  CHECK(again.settings.plugins.size() == loaded.settings.plugins.size());
}

TEST_CASE("amounts are read and printed by their units") {
  CHECK(parseBytes("20GiB") == 20ULL << 30);
  CHECK(parseBytes("1.5 KiB") == 1536);
  CHECK(parseBytes("500MB") == 500'000'000);
  CHECK(parseBytes("0") == 0);
  for (const std::string bad : {"", "GiB", "1.5", "-1", "1e30", "0x10", "10 Gib", "1GiB "}) {
    CAPTURE(bad);
    CHECK_FALSE(parseBytes(bad));
  }
  CHECK(printBytes(1 << 20) == "1MiB");
  CHECK(printBytes(1537) == "1537");
  CHECK(printBytes(0) == "0");
  CHECK(parseFreeSpace("5%")->of(1000) == 50);
  CHECK(parseFreeSpace("10KiB")->of(1000) == 10240);
  CHECK(printFreeSpace(*parseFreeSpace("2.5%")) == "2.5%");
  CHECK_FALSE(parseFreeSpace("100%"));
}

TEST_CASE("a chain is a list of names, or of maps where a place is for some routes alone") {
  const Scratch scratch;
  scratch.write("reeld.yaml",
                "interceptors: [disk, {name: outbox, include: [api, auth], exclude: [auth]}]\n");
  const auto loaded = scratch.load();
  REQUIRE(scratch.faults(loaded).empty());
  using Places = std::vector<InterceptorSettings>;
  CHECK(loaded.settings.interceptors ==
        Places{{.name = "disk"},
               {.name = "outbox", .include = {"api", "auth"}, .exclude = {"auth"}}});
  CHECK_THAT(printConfig(loaded),
             ContainsSubstring(R"(interceptors: [disk, {"name":"outbox","include":["api","auth"],)"
                               R"("exclude":["auth"]}])"));
  const auto variable = scratch.load({{"REELD__INTERCEPTORS", "outbox,disk"}});
  CHECK(variable.settings.interceptors == Places{{.name = "outbox"}, {.name = "disk"}});
}

TEST_CASE("where an instance answers, and for whom, is said beside it and printed again") {
  const Scratch scratch;
  const auto loaded = scratch.loadYaml(
      "plugins: {audit: {use: audit-trail, mount: /api/v1/audit, access: admin}}\n");
  REQUIRE(scratch.faults(loaded).empty());
  const auto& plugins = loaded.settings.plugins;
  const auto audit = std::find_if(plugins.begin(), plugins.end(),
                                  [](const auto& plugin) { return plugin.name == "audit"; });
  REQUIRE(audit != plugins.end());
  CHECK(audit->mount == "/api/v1/audit");
  CHECK(audit->access == "admin");
  CHECK(loaded.settings.plugins.front().mount.empty());
  CHECK(loaded.settings.plugins.front().access == "user");
  const std::string printed = printConfig(loaded);
  CHECK_THAT(printed, ContainsSubstring("    mount: /api/v1/audit "));
  CHECK_THAT(printed, ContainsSubstring("    access: admin "));
}
