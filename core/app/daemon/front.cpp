#include "app/daemon/front.h"

#include "app/commands/jobs.h"
#include "app/commands/mail.h"
#include "app/commands/money.h"
#include "app/commands/plugins.h"
#include "app/commands/storage.h"
#include "app/commands/system.h"
#include "app/commands/user_import.h"
#include "app/commands/users.h"
#include "app/commands/videos.h"
#include "app/control/socket_path.h"
#include "app/daemon/append.h"
#include "app/daemon/main_routes.h"
#include "app/daemon/part_options.h"
#include "app/daemon/sandbox_check.h"
#include "app/service/admin_routes.h"
#include "base/crypto.h"
#include "db/migrate.h"
#include "http/router.h"
#include "plugin/refusal.h"

#include <algorithm>
#include <thread>

namespace reeld::app::daemon {

namespace {

constexpr auto PingDeadline = std::chrono::seconds(2);
/// Descriptors kept open for what is being watched.
constexpr std::size_t OpenFiles = 4096;
constexpr auto ProbeMemory = std::chrono::seconds(5);

void writeProbe(storage::Storage& storage, const std::string& node) {
  const std::string key = "health/" + toHex(sha256(node)).substr(0, 16);
  auto writer = storage.create({key, 1, 0, {}, "text/plain"});
  writer->write("1");
  writer->commit();
  storage.remove(key);
}

void addChecks(service::Health& health, const config::Settings& settings, Foundation& base,
               Plugins& plugins, Services& services) {
  health.add("database", [&] { base.database->ping(PingDeadline); });
  health.add(
      "schema",
      [&] {
        const auto schema = db::schemaStatus(*base.database);
        if (schema.present != schema.wanted) {
          throw Error(ErrorCode::Unavailable,
                      "the database schema is " + std::to_string(schema.present) +
                          ", this reeld needs " + std::to_string(schema.wanted));
        }
      },
      ProbeMemory);
  health.add(
      "storage", [&, node = base.folder.node()] { writeProbe(plugins.storage(), node); },
      ProbeMemory);
  health.add("revocations", [&] {
    if (services.revocations.stalenessMs() > playback::Revocations::TooStaleMs) {
      throw Error(ErrorCode::Unavailable, "revocations were last read " +
                                              std::to_string(services.revocations.stalenessMs()) +
                                              " ms ago");
    }
  });
  for (const auto& instance : settings.plugins) {
    health.addMinor("plugin " + instance.name, [&plugins, name = instance.name] {
      const plugin::Instance* found = plugins.registry().find(name);
      if (found != nullptr && !found->isUp()) {
        throw Error(ErrorCode::Unavailable, plugin::onOneLine(found->reason()));
      }
    });
  }
  if (settings.hasRole("worker")) {
    health.addTelling(
        "sandbox", [&] { return checkedSandbox(settings, services.encoder); },
        std::chrono::hours(1));
  }
}

std::vector<int> taken(service::InheritedSockets& sockets, const std::string& name) {
  const auto socket = sockets.take(name);
  return socket ? std::vector<int>{*socket} : std::vector<int>{};
}

std::string boundAddress(const std::string& configured, std::uint16_t port) {
  return configured.substr(0, configured.rfind(':') + 1) + std::to_string(port);
}

std::string_view wordOf(http::Access access) {
  switch (access) {
    case http::Access::Public:
      return "public";
    case http::Access::User:
      return "user";
    case http::Access::Creator:
      return "creator";
    case http::Access::Admin:
      return "admin";
  }
  return "public";
}

Json routeList(const http::Routes& routes) {
  Json::Array list;
  for (const auto& route : routes) {
    list.push_back(Json::Object{{"method", http::methodName(route.method)},
                                {"pattern", route.pattern},
                                {"access", wordOf(route.access)}});
  }
  return Json::Object{{"routes", std::move(list)}};
}

}  // namespace

Front::Front(const config::Settings& settings, Foundation& base, Plugins& plugins,
             Services& services, service::Reload& reload, const config::Sources& sources,
             service::InheritedSockets sockets)
    : database_(*base.database),
      health_(base.clock),
      guard_(services.viewers, base.tokens, base.clock),
      shared_pages_(base.clock),
      file_cache_(OpenFiles, base.clock),
      media_sources_{{plugins.storage(), file_cache_},
                     {plugins.storage(), base.clock},
                     {plugins.storage(), base.clock}},
      sockets_(std::move(sockets)),
      server_(engineOptions(settings), liveSettings(settings),
              sites(settings, base, plugins, services), base.log, base.metrics, base.clock),
      control_(control::socketPath(settings.data_dir),
               commands(settings, base, plugins, services, reload, sources), base.log) {
  database_.listen(db::News::Catalog, [this] { shared_pages_.forget(); });
}

Front::~Front() { database_.listen(db::News::Catalog, {}); }

std::vector<http::Site> Front::sites(const config::Settings& settings, Foundation& base,
                                     Plugins& plugins, Services& services) {
  addChecks(health_, settings, base, plugins, services);
  service::countProcess(base.metrics, base.clock);
  plugins.count(base.metrics);
  commands::countBacklog(base.metrics, *base.database);
  std::vector<http::Site> sites;
  if (settings.hasRole("api")) {
    http::Site main;
    main.name = "main";
    main.listen = {settings.http.listen};
    main.sockets = taken(sockets_, "http");
    main.routes = mainRoutes(settings, guard_, shared_pages_, media_sources_, plugins, services);
    main.interceptors = plugins.interceptors(settings);
    main.identify = [this](http::Exchange& exchange) { guard_.identify(exchange); };
    main.guard = [this](http::Exchange& exchange, const http::Route& route) {
      guard_.check(exchange, route);
    };
    sites.push_back(std::move(main));
  }
  if (!settings.http.admin_listen.empty()) {
    http::Site admin;
    admin.name = "admin";
    admin.listen = {settings.http.admin_listen};
    admin.sockets = taken(sockets_, "admin");
    admin.routes = service::adminRoutes(health_, base.metrics);
    sites.push_back(std::move(admin));
  }
  return sites;
}

control::Commands Front::commands(const config::Settings& settings, Foundation& base,
                                  Plugins& plugins, Services& services, service::Reload& reload,
                                  const config::Sources& sources) {
  const bool api = settings.hasRole("api");
  const auto& admin = settings.http.admin_listen;
  commands::SystemParts system{
      .clock = base.clock,
      .health = health_,
      .reload = reload,
      .settings = settings,
      .sources = sources,
      .listen = api ? boundAddress(settings.http.listen, server_.port("main")) : "",
      .admin_listen = admin.empty() ? "" : boundAddress(admin, server_.port("admin")),
      .database = base.database->dialect() == db::Dialect::Sqlite ? "SQLite" : "PostgreSQL",
      .jobs = [&base] { return commands::jobCounts(*base.database); },
      .check_plugins = [&base](const config::Settings& next) { return refusals(next, base.clock); },
  };
  control::Commands all = commands::systemCommands(std::move(system));
  append(all, commands::userCommands({.directory = services.directory,
                                      .registration = services.registration,
                                      .passwords = services.passwords,
                                      .sessions = services.sessions}));
  all.push_back(commands::userImportCommand(services.user_import));
  append(all, commands::pluginCommands(plugins.registry(), server_));
  append(all, commands::jobCommands(*base.database, services.encode_queue));
  append(all, commands::mailCommands(*base.database, services.directory));
  append(all, commands::videoCommands({.database = *base.database,
                                       .directory = services.directory,
                                       .uploads = services.uploads,
                                       .posters = services.posters,
                                       .inspection = services.inspection,
                                       .decode_check = services.decode_check,
                                       .catalog = services.catalog,
                                       .rework = services.rework,
                                       .purge = services.purge,
                                       .clock = base.clock}));
  append(all, commands::moneyCommands({.database = *base.database,
                                       .ledger_check = services.ledger_check,
                                       .refunds = services.refunds,
                                       .playback = services.playback,
                                       .directory = services.directory}));
  append(all, commands::storageCommands(*base.database, plugins.storage(), base.clock));
  const auto routes =
      mainRoutes(settings, guard_, shared_pages_, media_sources_, plugins, services);
  all.push_back({"route list", [list = routeList(routes)](control::Request&) { return list; }});
  return all;
}

void Front::drain(std::chrono::milliseconds delay, std::chrono::milliseconds within) {
  health_.drain();
  std::this_thread::sleep_for(delay);
  server_.beginDrain(within);
  server_.join();
  control_.stop();
}

}  // namespace reeld::app::daemon
