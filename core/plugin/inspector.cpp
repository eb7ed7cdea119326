#include "plugin/inspector.h"

#include "base/json_schema.h"
#include "base/suggestion.h"
#include "plugin/trust.h"

#include <filesystem>

namespace reeld::plugin {
namespace {

bool isName(const std::string& name) {
  return !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : between) + part;
  }
  return text;
}

/// What could have been meant: the names of all plugins that are there.
std::vector<std::string> presentIn(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  for (const std::string& folder : folders) {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
      if (entry.path().extension() == ".so") {
        names.push_back(entry.path().stem());
      }
    }
  }
  return names;
}

}  // namespace

Inspector::Inspector(std::vector<std::string> plugin_dirs, Prober prober, uid_t own)
    : plugin_dirs_(std::move(plugin_dirs)), prober_(std::move(prober)), own_(own) {}

std::variant<std::string, Refusal> Inspector::locate(const std::string& use) const {
  for (const std::string& folder : plugin_dirs_) {
    const auto path = std::filesystem::path(folder) / (use + ".so");
    std::error_code failed;
    if (std::filesystem::symlink_status(path, failed).type() !=
        std::filesystem::file_type::not_found) {
      return path.string();
    }
  }
  return Refusal{"is in none of the plugin folders (" + joined(plugin_dirs_, ", ") + ")",
                 "copy it there, or correct \"use\"" + didYouMean(use, presentIn(plugin_dirs_))};
}

Inspection Inspector::inspect(const InstanceSettings& settings) const {
  for (const auto& [what, name] :
       {std::pair{"instance", settings.name}, {"plugin", settings.use}}) {
    if (!isName(name)) {
      return Refusal{std::string("the ") + what + " name \"" + name +
                         "\" is not a letter and up to 39 of a-z, 0-9 and -",
                     "correct it under \"plugins\"; a plugin is named, never given as a path"};
    }
  }
  const auto located = locate(settings.use);
  if (const auto* refusal = std::get_if<Refusal>(&located)) {
    return *refusal;
  }
  const TrustedFile file = examine(std::get<std::string>(located), plugin_dirs_, own_);
  if (file.refusal) {
    return *file.refusal;
  }
  ProbeResult probed = prober_.probe(file.path);
  if (const auto* refusal = std::get_if<Refusal>(&probed)) {
    return *refusal;
  }
  Candidate candidate{file.path, std::get<Descriptor>(std::move(probed)), {}};
  auto config = effectiveConfig(candidate.descriptor, settings);
  if (const auto* refusal = std::get_if<Refusal>(&config)) {
    return *refusal;
  }
  candidate.config = std::get<std::string>(std::move(config));
  return candidate;
}

std::variant<Descriptor, Refusal> Inspector::inspectFile(const std::string& path) const {
  const TrustedFile file = examine(path, {}, own_);
  if (file.refusal) {
    return *file.refusal;
  }
  return prober_.probe(file.path);
}

std::variant<std::string, Refusal> effectiveConfig(const Descriptor& descriptor,
                                                   const InstanceSettings& settings) {
  const std::string where = "plugins." + settings.name + ".config";
  const bool given = !settings.config.isNull() &&
                     !(settings.config.isObject() && settings.config.object().empty());
  if (!descriptor.config_schema) {
    return given ? std::variant<std::string, Refusal>(
                       Refusal{"takes no configuration", "remove " + where})
                 : std::string("{}");
  }
  const Json text = Json::parse(*descriptor.config_schema);
  const JsonSchema schema(text);
  // Nothing given is an empty object, except to a plugin whose configuration is something else.
  const Json* type = text.find("type");
  const bool is_object = type == nullptr || (type->isString() && type->text() == "object");
  const Json config = schema.withDefaults(settings.config.isNull() && is_object
                                              ? Json(Json::Object{})
                                              : schema.typed(settings.config, settings.loose));
  std::vector<std::string> faults;
  for (const Violation& violation : schema.check(config)) {
    faults.push_back((violation.pointer.empty() ? "" : violation.pointer + ": ") +
                     violation.message);
  }
  if (!faults.empty()) {
    return Refusal{joined(faults, "; "), "correct " + where};
  }
  return config.dump();
}

}  // namespace reeld::plugin
