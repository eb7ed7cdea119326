// reeldctl plugins list, check, chain, report.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"

#include <algorithm>
#include <cctype>

namespace reeld::app::reeldctl {

namespace {

std::string brief(std::int64_t count) {
  constexpr std::int64_t Thousand = 1000;
  if (count < 10 * Thousand) {
    return std::to_string(count);
  }
  const bool millions = count >= 10 * Thousand * Thousand;
  return std::to_string(count / (millions ? Thousand * Thousand : Thousand)) +
         (millions ? " M" : " k");
}

std::string microseconds(std::int64_t us) {
  if (us == 0) {
    return "-";
  }
  return us < 1000        ? std::to_string(us) + " us"
         : us < 1'000'000 ? std::to_string(us / 1000) + " ms"
                          : std::to_string(us / 1'000'000) + " s";
}

std::string printedPlugins(const Json& plugins) {
  cli::Table table(
      {"NAME", "PLUGIN", "VERSION", "ABI", "KINDS", "STATE", "CALLS", "ERR", "P99", ""});
  for (const auto& plugin : plugins.array()) {
    std::string kinds;
    if (const Json* listInstances = plugin.find("kinds");
        listInstances != nullptr && listInstances->isArray()) {
      for (const auto& kind : listInstances->array()) {
        kinds += (kinds.empty() ? "" : ",") + kind.text();
      }
    }
    const std::string reason = text(plugin, "reason");
    table.add({text(plugin, "name"), text(plugin, text(plugin, "id").empty() ? "file" : "id"),
               text(plugin, "version"), text(plugin, "abi"), kinds, text(plugin, "state"),
               brief(integer(plugin, "calls")), brief(integer(plugin, "errors")),
               microseconds(integer(plugin, "p99_us")), reason.empty() ? "" : "(" + reason + ")"});
  }
  return table.text();
}

int listInstances(Context& context) {
  context.print(context.call("plugins list"), printedPlugins);
  return cli::Success;
}

int checkPlugin(Context& context) {
  Json args = Json::Object();
  if (!context.line().operands().empty()) {
    args.set("what", context.line().operands()[0]);
  }
  const Json result = context.callOrSayHow("plugins check", args);
  context.print(result, [](const Json& report) {
    // The daemon's own text, which has several lines: only its newlines pass.
    const std::string given = text(report, "text");
    std::string out;
    std::size_t begin = 0;
    while (begin < given.size()) {
      const auto end = std::min(given.find('\n', begin), given.size());
      out += cli::printable(given.substr(begin, end - begin)) + "\n";
      begin = end + 1;
    }
    return out;
  });
  return flag(result, "ok") ? cli::Success : cli::Failure;
}

std::string printedChains(const Json& chains) {
  cli::Table table({"METHOD", "ROUTE", "GROUP", "INTERCEPTORS, OUTERMOST FIRST"});
  for (const auto& chain : chains.array()) {
    std::string names;
    for (const auto& name : rowsOf(chain, "interceptors").array()) {
      names += (names.empty() ? "" : " > ") + name.text();
    }
    const std::string route = text(chain, "route");
    table.add({text(chain, "method"), route.empty() ? "(no route)" : route, text(chain, "group"),
               names.empty() ? "-" : names});
  }
  return table.text();
}

int chain(Context& context) {
  Json args = Json::Object();
  if (!context.line().operands().empty()) {
    args.set("route", context.line().operands()[0]);
  }
  context.print(context.call("plugins chain", args), printedChains);
  return cli::Success;
}

std::string cell(const Json& value) { return value.isString() ? value.text() : value.dump(); }

/// Rows of equal members as a table with their names in capitals; anything else as it is.
std::string printedAnalytics(const Json& told) {
  if (!told.isArray() || told.array().empty() || !told.array()[0].isObject()) {
    return told.isArray() && told.array().empty() ? "nothing to tell\n" : told.dump() + "\n";
  }
  std::vector<std::string> heading;
  for (const auto& [name, value] : told.array()[0].object()) {
    heading.push_back(name);
    std::transform(name.begin(), name.end(), heading.back().begin(), [](unsigned char c) {
      return static_cast<char>(c == '_' ? ' ' : std::toupper(c));
    });
  }
  cli::Table table(heading);
  for (const auto& row : told.array()) {
    std::vector<std::string> cells;
    for (const auto& [name, value] : told.array()[0].object()) {
      const Json* found = row.find(name);
      cells.push_back(found == nullptr ? "" : cell(*found));
    }
    table.add(std::move(cells));
  }
  return table.text();
}

int report(Context& context) {
  Json args = Json::Object{{"name", context.operand(0, "NAME")}};
  if (context.line().operands().size() > 1) {
    args.set("what", context.line().operands()[1]);
  }
  context.print(context.call("plugins report", args), printedAnalytics);
  return cli::Success;
}

}  // namespace

Subcommands pluginSubcommands() {
  return {
      {"plugins list",
       "",
       "list plugin instances, their state and what calls came to",
       {},
       listInstances},
      {"plugins check",
       "[NAME|FILE]",
       "say what the daemon would say to a plugin at its next start (default: all)",
       {},
       checkPlugin,
       1},
      {"plugins chain",
       "[ROUTE]",
       "print the interceptors of a route, or of all; ROUTE is a pattern or a path",
       {},
       chain,
       1},
      {"plugins report",
       "NAME [WHAT]",
       "print what a plugin instance tells of its doings",
       {},
       report,
       2},
  };
}

}  // namespace reeld::app::reeldctl
