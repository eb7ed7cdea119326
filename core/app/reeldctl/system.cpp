// reeldctl status, config check, config print, route list.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"
#include "config/print.h"

#include <unistd.h>

#include <ostream>

namespace reeld::app::reeldctl {

namespace {

std::string duration(std::int64_t seconds) {
  constexpr std::int64_t Minute = 60;
  constexpr std::int64_t Hour = 60 * Minute;
  constexpr std::int64_t Day = 24 * Hour;
  if (seconds >= Day) {
    return std::to_string(seconds / Day) + " d " + std::to_string(seconds % Day / Hour) + " h";
  }
  if (seconds >= Hour) {
    return std::to_string(seconds / Hour) + " h " + std::to_string(seconds % Hour / Minute) +
           " min";
  }
  return seconds >= Minute ? std::to_string(seconds / Minute) + " min"
                           : std::to_string(seconds) + " s";
}

std::string joined(const Json* list) {
  std::string text;
  if (list != nullptr && list->isArray()) {
    for (const auto& item : list->array()) {
      text +=
          (text.empty() ? "" : ", ") + cli::printable(item.isString() ? item.text() : item.dump());
    }
  }
  return text;
}

std::string printedStatus(const Json& status) {
  std::string out = "reeld " + text(status, "version") + ", process " + text(status, "pid") +
                    ", up " + duration(integer(status, "uptime_seconds")) + ": " +
                    (flag(status, "ready") ? "ready" : "NOT READY") + "\n";
  out += "  roles      " + joined(status.find("roles")) + "\n";
  out += "  listens    " + text(status, "listen") + "\n";
  if (const std::string admin = text(status, "admin_listen"); !admin.empty()) {
    out += "  admin      " + admin + "\n";
  }
  out += "  data       " + cli::printable(text(status, "data_dir")) + "\n";
  out += "  database   " + cli::printable(text(status, "database")) + "\n";
  if (const Json* jobs = status.find("jobs"); jobs != nullptr && jobs->isObject()) {
    std::string line;
    for (const auto& [state, count] : jobs->object()) {
      line += (line.empty() ? "" : ", ") + count.dump() + " " + state;
    }
    out += "  jobs       " + (line.empty() ? "none" : line) + "\n";
  }
  if (const Json* checks = status.find("checks"); checks != nullptr && checks->isArray()) {
    for (const auto& check : checks->array()) {
      out +=
          std::string(flag(check, "ok") ? "  ok         " : "  FAILS      ") + text(check, "name");
      out += flag(check, "ok") ? "\n" : ": " + cli::printable(text(check, "message")) + "\n";
    }
  }
  if (const std::string waiting = joined(status.find("waiting_for_restart")); !waiting.empty()) {
    out += "  restart    needed for " + waiting + "\n";
  }
  return out;
}

int status(Context& context) {
  const Json result = context.call("status");
  context.print(result, printedStatus);
  return flag(result, "ready") ? cli::Success : cli::Failure;
}

/// The files, for when no daemon runs: its own --set and environment are not known here.
config::Loaded filesAlone(Context& context) {
  config::Sources sources;
  sources.file = context.line().value("config", config::DefaultFile);
  sources.file_was_named = context.line().has("config");
  sources.environment = config::reeldVariables(environ);
  return config::load(sources);
}

/// The daemon's answer, or nothing if there is no daemon: then the files are asked.
std::optional<Json> askDaemon(Context& context, const std::string& command) {
  try {
    return context.callOrSayHow(command);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Unavailable || context.line().has("socket") ||
        context.line().has("data-dir")) {
      throw;
    }
    context.streams().err << "reeldctl: " << error.what()
                          << "\nreeldctl: looking at the files alone\n";
    return std::nullopt;
  }
}

int configCheck(Context& context) {
  auto result = askDaemon(context, "config check");
  if (!result) {
    const config::Loaded loaded = filesAlone(context);
    Json::Array faults;
    for (const auto& fault : loaded.faults) {
      faults.emplace_back(fault.text());
    }
    result = Json::Object{{"ok", loaded.ok()}, {"faults", std::move(faults)}};
  }
  context.print(*result, [](const Json& check) -> std::string {
    if (flag(check, "ok")) {
      return "the configuration is good\n";
    }
    std::string out;
    if (const Json* faults = check.find("faults"); faults != nullptr && faults->isArray()) {
      for (const auto& fault : faults->array()) {
        out += fault.text() + "\n";
      }
    }
    return out;
  });
  return flag(*result, "ok") ? cli::Success : cli::Config;
}

int configPrint(Context& context) {
  auto result = askDaemon(context, "config print");
  if (!result) {
    const config::Loaded loaded = filesAlone(context);
    result = Json::Object{{"text", config::printConfig(loaded)},
                          {"settings", config::configAsJson(loaded)}};
  }
  if (context.wantsJson()) {
    const Json* settings = result->find("settings");
    context.streams().out << (settings == nullptr ? "[]" : settings->dump()) << "\n";
  } else {
    context.streams().out << text(*result, "text");
  }
  return cli::Success;
}

int routeList(Context& context) {
  context.print(context.call("route list"), [](const Json& result) {
    cli::Table table({"METHOD", "PATTERN"});
    if (const Json* routes = result.find("routes"); routes != nullptr && routes->isArray()) {
      for (const auto& route : routes->array()) {
        table.add({text(route, "method"), text(route, "pattern")});
      }
    }
    return table.text();
  });
  return cli::Success;
}

}  // namespace

Subcommands systemSubcommands() {
  return {
      {"status", "", "say how the daemon is", {}, status},
      {"config check",
       "",
       "hold the configuration as it is written now against what the daemon knows",
       {},
       configCheck},
      {"config print",
       "",
       "print the configuration in force, and where each value was set",
       {},
       configPrint},
      {"route list", "", "list what the main listener answers to", {}, routeList},
  };
}

}  // namespace reeld::app::reeldctl
