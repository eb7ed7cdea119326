#include "config/bind.h"

#include "base/json_schema.h"
#include "base/suggestion.h"
#include "config/keys.h"
#include "config/text_checks.h"

#include <algorithm>

namespace reeld::config {

namespace {

class Binder {
 public:
  Binder(Settings& settings, Faults& faults) : settings_(settings), faults_(faults) {}

  void section(const Node& node, const std::string& name, const std::string& pointer) {
    if (node.isNull()) {
      return;  // "http:" with every line below it commented out
    }
    if (!node.isMap()) {
      faults_.push_back({node.origin, pointer.empty() ? "/" : pointer, "must be a map of keys"});
      return;
    }
    for (const auto& entry : node.entries) {
      const std::string full = name.empty() ? entry.key : name + "." + entry.key;
      const std::string here = pointerTo(pointer, entry.key);
      if (const Key* key = findKey(full)) {
        key->assign(entry.value, settings_, {here, faults_});
      } else if (isSection(full)) {
        section(entry.value, full, here);
      } else if (full == "plugins") {
        plugins(entry.value, here);
      } else {
        unknown(entry, here, namesBelow(name));
      }
    }
  }

 private:
  void unknown(const Entry& entry, const std::string& pointer,
               const std::vector<std::string>& names) {
    std::string suggestion = didYouMean(entry.key, names);
    const auto elsewhere = keysEndingIn(entry.key);
    if (suggestion.empty() && elsewhere.size() == 1) {
      suggestion = " (did you mean \"" + elsewhere[0] + "\"?)";
    }
    faults_.push_back({entry.at, pointer, "unknown key" + suggestion});
  }

  void plugins(const Node& node, const std::string& pointer) {
    if (node.isNull()) {
      return;
    }
    if (!node.isMap()) {
      faults_.push_back({node.origin, pointer, "must be a map: instance name to {use: FILE}"});
      return;
    }
    for (const auto& entry : node.entries) {
      const std::string here = pointerTo(pointer, entry.key);
      if (const std::string complaint = instanceName(entry.key); !complaint.empty()) {
        faults_.push_back({entry.at, here, complaint});
        continue;
      }
      const auto known = std::find_if(settings_.plugins.begin(), settings_.plugins.end(),
                                      [&](const auto& one) { return one.name == entry.key; });
      if (entry.value.isNull()) {  // "password: null" takes a default instance away
        if (known != settings_.plugins.end()) {
          settings_.plugins.erase(known);
        }
        continue;
      }
      if (known != settings_.plugins.end()) {
        instance(entry, *known, here);
      } else {
        settings_.plugins.push_back({.name = entry.key, .use = "", .required = true, .config = {}});
        instance(entry, settings_.plugins.back(), here);
      }
    }
  }

  void instance(const Entry& entry, PluginSettings& plugin, const std::string& pointer) {
    static const std::vector<std::string> Names = {"use", "required", "config", "mount", "access"};
    if (!entry.value.isMap()) {
      faults_.push_back(
          {entry.value.origin, pointer, "must be a map, such as {use: auth-password}"});
      return;
    }
    for (const auto& part : entry.value.entries) {
      const std::string here = pointerTo(pointer, part.key);
      const Complaints complaints(here, faults_);
      if (part.key == "use") {
        use(part.value, plugin, complaints);
      } else if (part.key == "required") {
        plugin.required = flag(part.value, complaints).value_or(plugin.required);
      } else if (part.key == "config") {
        plugin.config = toJson(part.value);
        plugin.loose = looseTexts(part.value);
      } else if (part.key == "mount") {
        mount(part.value, plugin, complaints);
      } else if (part.key == "access") {
        access(part.value, plugin, complaints);
      } else {
        unknown(part, here, Names);
      }
    }
    if (plugin.use.empty() && entry.value.find("use") == nullptr) {
      faults_.push_back(
          {entry.at, pointerTo(pointer, "use"), "is required: the plugin's file name without .so"});
    }
  }

  static void mount(const Node& node, PluginSettings& plugin, Complaints complaints) {
    const auto given = scalarText(node, complaints);
    if (!given) {
      return;
    }
    if (const std::string complaint = mountPath(*given); !complaint.empty()) {
      complaints.add(node, complaint + " (got \"" + *given + "\")");
      return;
    }
    plugin.mount = *given;
  }

  static void access(const Node& node, PluginSettings& plugin, Complaints complaints) {
    const auto given = scalarText(node, complaints);
    if (given && *given != "admin" && *given != "user" && *given != "public") {
      complaints.add(node, "must be admin, user or public (got \"" + *given + "\")" +
                               didYouMean(*given, {"admin", "user", "public"}));
    } else if (given) {
      plugin.access = *given;
    }
  }

  static void use(const Node& node, PluginSettings& plugin, Complaints complaints) {
    const auto given = scalarText(node, complaints);
    if (!given) {
      return;
    }
    if (const std::string complaint = instanceName(*given); !complaint.empty()) {
      complaints.add(node, complaint + (given->ends_with(".so") ? " (leave out .so)" : ""));
      return;
    }
    plugin.use = *given;
  }

  Settings& settings_;
  Faults& faults_;
};

/// Where a key was written, or "default".
Origin originOf(const Node& tree, const std::string& section, const std::string& key) {
  const Node* level = &tree;
  if (!section.empty()) {
    const Entry* entry = tree.find(section);
    level = entry == nullptr ? nullptr : &entry->value;
  }
  const Entry* entry = level == nullptr ? nullptr : level->find(key);
  return entry == nullptr ? Origin() : entry->value.origin;
}

}  // namespace

Settings bindTree(const Node& tree, Faults& faults) {
  Settings settings;
  Binder(settings, faults).section(tree, "", "");
  return settings;
}

void checkTogether(const Settings& settings, const Node& tree, Faults& faults) {
  std::vector<std::string> instances;
  for (const auto& plugin : settings.plugins) {
    instances.push_back(plugin.name);
  }
  const auto mustExist = [&](const std::string& name, const Origin& origin,
                             const std::string& pointer) {
    if (std::find(instances.begin(), instances.end(), name) == instances.end()) {
      faults.push_back({origin, pointer,
                        "names the plugin instance \"" + name + "\", which is not in plugins" +
                            didYouMean(name, instances)});
    }
  };
  for (std::size_t i = 0; i < settings.auth_providers.size(); ++i) {
    mustExist(settings.auth_providers[i], originOf(tree, "", "auth_providers"),
              "/auth_providers/" + std::to_string(i));
  }
  mustExist(settings.storage, originOf(tree, "", "storage"), "/storage");
  mustExist(settings.encoder, originOf(tree, "", "encoder"), "/encoder");
  mustExist(settings.notifier, originOf(tree, "", "notifier"), "/notifier");
  if (!settings.payment.empty()) {
    mustExist(settings.payment, originOf(tree, "", "payment"), "/payment");
  }
  if (!settings.subscription.empty()) {
    mustExist(settings.subscription, originOf(tree, "", "subscription"), "/subscription");
  }
  for (std::size_t i = 0; i < settings.analytics.size(); ++i) {
    mustExist(settings.analytics[i], originOf(tree, "", "analytics"),
              "/analytics/" + std::to_string(i));
  }
  for (std::size_t i = 0; i < settings.interceptors.size(); ++i) {
    mustExist(settings.interceptors[i].name, originOf(tree, "", "interceptors"),
              "/interceptors/" + std::to_string(i));
  }

  if (settings.auth_providers.empty()) {
    faults.push_back({originOf(tree, "", "auth_providers"), "/auth_providers",
                      "must name at least one instance"});
  }
  if (settings.admin.email.empty() != settings.admin.password_file.empty()) {
    const std::string set = settings.admin.email.empty() ? "password_file" : "email";
    const std::string missing = settings.admin.email.empty() ? "email" : "password_file";
    faults.push_back(
        {originOf(tree, "admin", set), "/admin/" + set, "needs admin." + missing + " beside it"});
  }
  if (!settings.database.url.starts_with("sqlite:") && settings.auth.secret_file.empty()) {
    faults.push_back(
        {originOf(tree, "database", "url"), "/auth/secret_file",
         "is required with PostgreSQL: all daemons on one database sign with the same secret "
         "(make one: head -c 32 /dev/urandom | base64 > FILE; chmod 600 FILE)"});
  }
}

}  // namespace reeld::config
