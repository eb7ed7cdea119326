// Readiness by named checks, the admin routes that print it, and secrets in files.
#include "app/service/health.h"

#include "app/service/admin_routes.h"
#include "app/service/secret_file.h"
#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"
#include "fixtures.h"

#include <sys/stat.h>

using namespace reeld;
using namespace reeld::app;
using namespace std::chrono_literals;

namespace {

/// A request nobody sends: the admin routes look at nothing in it.
class NoExchange final : public http::Exchange {
 public:
  http::Method method() const noexcept override { return http::Method::Get; }
  std::string_view path() const noexcept override { return ""; }
  std::string_view query() const noexcept override { return ""; }
  std::string_view header(std::string_view) const noexcept override { return ""; }
  std::vector<std::pair<std::string_view, std::string_view>> allHeaders() const override {
    return {};
  }
  std::string_view routeParameter(std::string_view) const noexcept override { return ""; }
  std::string_view routePattern() const noexcept override { return ""; }
  std::string_view requestId() const noexcept override { return ""; }
  std::string_view peer() const noexcept override { return ""; }
  std::string_view scheme() const noexcept override { return ""; }
  std::string_view host() const noexcept override { return ""; }
  std::string siteOrigin() const override { return ""; }
  std::string_view body() const noexcept override { return ""; }
  std::string_view contentType() const noexcept override { return ""; }
  bool isCrossSite() const noexcept override { return false; }
  http::Caller& caller() noexcept override { return caller_; }
  void addHeader(std::string, std::string) override {}

 private:
  http::Caller caller_;
};

std::string healthComplaint(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Invalid);
    return error.what();
  }
  return "";
}

struct Admin {
  HandClock clock;
  service::Health health{clock};
  Metrics metrics;
  std::pair<int, std::string> get(const std::string& path) {
    NoExchange exchange;
    for (const auto& route : service::adminRoutes(health, metrics)) {
      if (route.pattern == path) {
        const http::Response response =
            route.inline_handler ? *route.inline_handler(exchange) : route.handler(exchange);
        return {response.status, std::get<std::string>(response.body)};
      }
    }
    return {404, ""};
  }
};

}  // namespace

TEST_CASE("readiness names every check, healthz asks none") {
  Admin admin;
  bool database = true;
  admin.health.add("database", [&] {
    if (!database) {
      throw Error(ErrorCode::Unavailable, "no session within 1 s");
    }
  });
  admin.health.add("migrations", [] {});
  CHECK(admin.get("/readyz") ==
        std::pair(200,
                  std::string(R"({"status":"ready","checks":{"database":{"ok":true,"took_ms":0},)"
                              R"("migrations":{"ok":true,"took_ms":0}}})")));
  database = false;
  CHECK(admin.get("/readyz") ==
        std::pair(
            503,
            std::string(
                R"({"status":"unavailable","checks":{"database":{"ok":false,"took_ms":0,)"
                R"("message":"no session within 1 s"},"migrations":{"ok":true,"took_ms":0}}})")));
  CHECK(admin.get("/healthz") == std::pair(200, std::string(R"({"status":"alive"})")));
  CHECK(admin.get("/version").second == R"({"version":")" REELD_VERSION R"("})");
}

TEST_CASE("what is not vital degrades a daemon that stays ready") {
  Admin admin;
  bool is_database_up = true;
  admin.health.add("database", [&] {
    if (!is_database_up) {
      throw Error(ErrorCode::Unavailable, "gone");
    }
  });
  admin.health.addMinor("plugin extra",
                        [] { throw Error(ErrorCode::Unavailable, "no such file"); });
  const std::string extra = R"("plugin extra":{"ok":false,"took_ms":0,"message":"no such file"}}})";
  CHECK(admin.get("/readyz") ==
        std::pair(200,
                  R"({"status":"degraded","checks":{"database":{"ok":true,"took_ms":0},)" + extra));
  is_database_up = false;
  CHECK(admin.get("/readyz").first == 503);
  CHECK_THAT(admin.get("/readyz").second, StartsWith(R"({"status":"unavailable")"));
}

TEST_CASE("a full disk degrades: what plays goes on, so the daemon stays ready") {
  Admin admin;
  admin.health.add("storage", [] {
    throw Error(ErrorCode::Exhausted, "no space left on device").reason("storage-full");
  });
  CHECK(admin.get("/readyz").first == 200);
  CHECK_THAT(admin.get("/readyz").second, StartsWith(R"({"status":"degraded")"));
}

TEST_CASE("a check with a memory is asked again only when that has passed") {
  Admin admin;
  int asked = 0;
  admin.health.add(
      "storage", [&] { ++asked; }, 5s);
  admin.health.ask();
  admin.clock.ms = 4999;
  admin.health.ask();
  CHECK(asked == 1);
  admin.clock.ms = 5000;
  admin.health.ask();
  CHECK(asked == 2);
}

TEST_CASE("a check tells more than that it is fit, if it has more to say") {
  Admin admin;
  bool holds = true;
  admin.health.addTelling(
      "sandbox",
      [&]() -> Json {
        if (!holds) {
          throw Error(ErrorCode::Unavailable, "it leaks");
        }
        return Json::Object{{"layers", Json::Object{{"seccomp", true}}}};
      },
      1s);
  CHECK(admin.get("/readyz").second ==
        R"({"status":"ready","checks":{"sandbox":{"ok":true,"took_ms":0,)"
        R"("layers":{"seccomp":true}}}})");
  holds = false;
  admin.clock.ms = 1000;
  CHECK(admin.get("/readyz").second ==
        R"({"status":"unavailable","checks":{"sandbox":{"ok":false,"took_ms":0,)"
        R"("message":"it leaks"}}})");
}

TEST_CASE("a daemon that drains is not ready") {
  Admin admin;
  admin.health.drain();
  CHECK(admin.get("/readyz").first == 503);
  CHECK(admin.get("/healthz").first == 200);
}

TEST_CASE("metrics tell the build and the process") {
  Admin admin;
  service::countProcess(admin.metrics, admin.clock);
  const std::string text = admin.get("/metrics").second;
  for (const std::string name :
       {"reeld_build_info{version=\"" REELD_VERSION "\"} 1", "process_cpu_seconds_total",
        "process_resident_memory_bytes", "process_open_fds", "process_max_fds"}) {
    CHECK_THAT(text, ContainsSubstring(name));
  }
}

TEST_CASE("a secret is read without its newline, and refused when others may read it") {
  const Folder folder;
  const std::string path = folder.file("s");
  folder.write("s", "hunter2\r\n");
  ::chmod(path.c_str(), 0600);
  CHECK(service::readSecretFile(path, "k").reveal() == "hunter2");
  for (const mode_t mode : {0640, 0604, 0620, 0666}) {
    ::chmod(path.c_str(), mode);
    CHECK(healthComplaint([&] { service::readSecretFile(path, "k"); }) ==
          "k: " + path + " may be read by others than its owner: chmod 600 " + path);
  }
  ::chmod(path.c_str(), 0600);
  folder.write("s", "\n");
  CHECK(healthComplaint([&] { service::readSecretFile(path, "k"); }) == "k: " + path + " is empty");
  folder.write("s", std::string(70000, 'x'));
  CHECK(healthComplaint([&] { service::readSecretFile(path, "k"); }) ==
        "k: " + path + " is larger than 64 KiB");
  CHECK(healthComplaint([&] { service::readSecretFile(folder.path(), "k"); }) ==
        "k: " + folder.path() + " is no regular file");
  CHECK(healthComplaint([&] { service::readSecretFile(folder.file("gone"), "k"); }) ==
        "k: cannot open " + folder.file("gone") + ": No such file or directory");
}

TEST_CASE("systemd's credentials are found by their folder") {
  const Folder folder;
  CHECK_THAT(healthComplaint([] { service::readSecretFile("$CREDENTIALS_DIRECTORY/s", "k"); }),
             ContainsSubstring("LoadCredential="));
  folder.write("s", "hunter2");
  const Variable credentials("CREDENTIALS_DIRECTORY", folder.path());
  CHECK(service::readSecretFile("$CREDENTIALS_DIRECTORY/s", "k").reveal() == "hunter2");
}

TEST_CASE(
    "a configuration is not wrong because systemd shows its credentials to the daemon alone") {
  config::Settings settings;
  settings.auth.secret_file = "$CREDENTIALS_DIRECTORY/s";
  CHECK(service::isOutOfReach(settings.auth.secret_file));
  CHECK_FALSE(service::isOutOfReach("/etc/reeld/s"));
  CHECK_NOTHROW(service::checkSigningSecret(settings));
  const Folder folder;
  const Variable credentials("CREDENTIALS_DIRECTORY", folder.path());
  CHECK_FALSE(service::isOutOfReach(settings.auth.secret_file));
  CHECK_THROWS_AS(service::checkSigningSecret(settings), Error);
}

TEST_CASE("the signing secret is made once, privately, and stays the same") {
  reeld::initCrypto();
  const Folder folder;
  config::Settings settings;
  settings.data_dir = folder.path();
  const std::string first(service::signingSecret(settings).reveal());
  CHECK(first.size() >= 64);
  CHECK(service::signingSecret(settings).reveal() == first);
  struct stat status {};
  REQUIRE(::stat(folder.file("secret").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(service::makeSecretFile(folder.file("secret"), "other"));
  CHECK(service::signingSecret(settings).reveal() == first);

  folder.write("short", "too short");
  ::chmod(folder.file("short").c_str(), 0600);
  settings.auth.secret_file = folder.file("short");
  CHECK_THAT(healthComplaint([&] { service::signingSecret(settings); }),
             ContainsSubstring("has fewer than 32 bytes"));
}
