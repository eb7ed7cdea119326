#include "app/commands/plugins.h"

namespace reeld::app::commands {

namespace {

Json instanceJson(const plugin::InstanceFacts& facts) {
  Json::Array kinds(facts.kinds.begin(), facts.kinds.end());
  return Json::Object{{"name", facts.name},
                      {"file", facts.file},
                      {"id", facts.id},
                      {"version", facts.version},
                      {"abi", facts.abi},
                      {"kinds", std::move(kinds)},
                      {"state", facts.state},
                      {"reason", facts.reason},
                      {"required", facts.required},
                      {"calls", static_cast<std::int64_t>(facts.calls)},
                      {"errors", static_cast<std::int64_t>(facts.errors)},
                      {"p99_us", static_cast<std::int64_t>(facts.p99_us)}};
}

Json listInstances(const plugin::Registry& registry) {
  Json::Array rows;
  for (const auto& facts : registry.list()) {
    rows.push_back(instanceJson(facts));
  }
  return rows;
}

Json checkPlugin(control::Request& request, const plugin::Registry& registry) {
  std::vector<std::string> names = {request.text("what", "")};
  if (names[0].empty()) {
    names.clear();
    for (const auto& facts : registry.list()) {
      names.push_back(facts.name);
    }
  }
  bool ok = true;
  std::string text;
  for (const auto& name : names) {
    const plugin::CheckReport report = registry.check(name);
    ok = ok && report.ok;
    text += (text.empty() ? "" : "\n") + report.text;
  }
  return Json::Object{{"ok", ok}, {"text", text}};
}

Json chain(control::Request& request, const http::Server& server) {
  const std::string route = request.text("route", "");
  Json::Array rows;
  for (const auto& facts : server.chains("main", route)) {
    rows.push_back(Json::Object{
        {"method", facts.method},
        {"route", facts.pattern},
        {"group", http::word(facts.group)},
        {"interceptors", Json::Array(facts.interceptors.begin(), facts.interceptors.end())}});
  }
  if (rows.empty()) {
    throw Error(ErrorCode::NotFound,
                "there is no route " + route + "; reeldctl route list has all");
  }
  return rows;
}

Json report(control::Request& request, plugin::Registry& registry) {
  return Json::parse(registry.report(request.text("name"), request.text("what", "")));
}

}  // namespace

control::Commands pluginCommands(plugin::Registry& registry, const http::Server& server) {
  return {
      {"plugins list", [&](control::Request&) { return listInstances(registry); }},
      {"plugins check", [&](control::Request& request) { return checkPlugin(request, registry); }},
      {"plugins report", [&](control::Request& request) { return report(request, registry); }},
      {"plugins chain", [&](control::Request& request) { return chain(request, server); }},
  };
}

}  // namespace reeld::app::commands
