// Acceptance in the order of the ABI's rules, each fault with a sentence of its own; and the value
// form of a descriptor.
#include "plugin/descriptor.h"

#include "base/json_schema.h"
#include "plugin/kinds.h"

#include <algorithm>
#include <regex>

namespace reeld::plugin {
namespace {

constexpr std::size_t FirstSize = offsetof(reeld_plugin, health) + sizeof(reeld_plugin::health);
const std::string TellAuthor = "report it to the plugin's author";

std::string text(const char* s) { return s == nullptr ? std::string() : std::string(s); }

std::string abiOf(unsigned major, unsigned minor) {
  return std::to_string(major) + '.' + std::to_string(minor);
}

bool isReverseDns(const std::string& id) {
  static const std::regex form("[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)+");
  return id.size() <= 200 && std::regex_match(id, form);
}

std::optional<Refusal> refuseVersion(const reeld_plugin& plugin) {
  const std::string ours = abiOf(REELD_ABI_MAJOR, REELD_ABI_MINOR);
  if (plugin.struct_size < FirstSize) {
    return Refusal{"its descriptor has " + std::to_string(plugin.struct_size) +
                       " bytes, ABI 1.0 has " + std::to_string(FirstSize),
                   TellAuthor + ": struct_size must be sizeof(reeld_plugin)"};
  }
  if (plugin.abi_major != REELD_ABI_MAJOR) {
    return Refusal{"needs plugin ABI " + abiOf(plugin.abi_major, plugin.need_minor) +
                       ", this reeld has " + ours,
                   "install a build of the plugin for ABI " + std::to_string(REELD_ABI_MAJOR)};
  }
  if (plugin.need_minor > REELD_ABI_MINOR) {
    return Refusal{"needs plugin ABI " + abiOf(plugin.abi_major, plugin.need_minor) +
                       ", this reeld has " + ours,
                   "upgrade reeld, or install an older release of the plugin"};
  }
  return std::nullopt;
}

std::optional<Refusal> refuseIdentity(const reeld_plugin& plugin) {
  const std::string id = text(plugin.id);
  if (!isReverseDns(id)) {
    return Refusal{"its id \"" + id + "\" is not in reverse DNS form (org.example.name)",
                   TellAuthor};
  }
  if (text(plugin.version).empty()) {
    return Refusal{"does not say its version", TellAuthor};
  }
  return std::nullopt;
}

std::optional<Refusal> refuseInterfaces(const reeld_plugin& plugin) {
  if (plugin.interfaces == nullptr) {
    return Refusal{"offers no interface", TellAuthor};
  }
  bool useful = false;
  for (const reeld_interface* i = plugin.interfaces; i->id != nullptr; ++i) {
    useful = useful || knownKind(i->id);
  }
  if (!useful) {
    const bool none = plugin.interfaces->id == nullptr;
    return Refusal{none ? std::string("offers no interface")
                        : "offers " + text(plugin.interfaces->id) +
                              " and nothing else, which this reeld does not know",
                   none ? TellAuthor : "upgrade reeld, or remove the plugin"};
  }
  if (plugin.create == nullptr || plugin.destroy == nullptr) {
    return Refusal{std::string("lacks ") + (plugin.create == nullptr ? "create()" : "destroy()"),
                   TellAuthor};
  }
  for (const reeld_interface* i = plugin.interfaces; i->id != nullptr; ++i) {
    if (knownKind(i->id)) {
      if (auto refusal = refuseTable(i->id, i->table)) {
        return refusal;
      }
    }
  }
  return std::nullopt;
}

std::optional<Refusal> refuseSchema(const reeld_plugin& plugin) {
  if (plugin.config_schema == nullptr) {
    return std::nullopt;
  }
  try {
    JsonSchema(Json::parse(plugin.config_schema));
  } catch (const Error& fault) {
    return Refusal{std::string("its config_schema is not a JSON Schema: ") + fault.what(),
                   TellAuthor};
  }
  return std::nullopt;
}

std::vector<std::string> splitIds(const char* list) {
  std::vector<std::string> ids;
  std::string id;
  for (const char c : text(list) + ",") {
    if (c != ',' && c != ' ') {
      id += c;
    } else if (c == ',' && !id.empty()) {
      ids.push_back(std::move(id));
      id.clear();
    }
  }
  return ids;
}

Json list(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const std::string& each : texts) {
    array.emplace_back(each);
  }
  return array;
}

const Json& member(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  if (found == nullptr) {
    throw Error(ErrorCode::Invalid, "a descriptor without " + std::string(key));
  }
  return *found;
}

std::vector<std::string> texts(const Json& array) {
  std::vector<std::string> out;
  for (const Json& each : array.array()) {
    out.push_back(each.text());
  }
  return out;
}

}  // namespace

bool Descriptor::offers(std::string_view kind) const {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::optional<Refusal> refuse(const reeld_plugin* plugin) {
  if (plugin == nullptr) {
    return Refusal{"reeld_plugin_abi1() returns no descriptor", TellAuthor};
  }
  using Test = std::optional<Refusal> (*)(const reeld_plugin&);
  for (const Test test : {&refuseVersion, &refuseIdentity, &refuseInterfaces, &refuseSchema}) {
    if (auto refusal = test(*plugin)) {
      return refusal;
    }
  }
  return std::nullopt;
}

Descriptor describe(const reeld_plugin* plugin) {
  Descriptor out;
  out.id = text(plugin->id);
  out.version = text(plugin->version);
  out.name = text(plugin->name);
  out.vendor = text(plugin->vendor);
  out.license = text(plugin->license);
  out.abi_major = plugin->abi_major;
  out.need_minor = plugin->need_minor;
  if (plugin->config_schema != nullptr) {
    out.config_schema = plugin->config_schema;
  }
  out.after = splitIds(plugin->after);
  for (const reeld_interface* i = plugin->interfaces; i->id != nullptr; ++i) {
    (knownKind(i->id) ? out.kinds : out.ignored).emplace_back(i->id);
  }
  return out;
}

const void* tableOf(const reeld_plugin* plugin, std::string_view kind) {
  for (const reeld_interface* i = plugin->interfaces; i->id != nullptr; ++i) {
    if (kind == i->id) {
      return i->table;
    }
  }
  return nullptr;
}

Json toJson(const Descriptor& d) {
  Json out;
  out.set("id", d.id);
  out.set("version", d.version);
  out.set("name", d.name);
  out.set("vendor", d.vendor);
  out.set("license", d.license);
  out.set("abi_major", Json(std::int64_t{d.abi_major}));
  out.set("need_minor", Json(std::int64_t{d.need_minor}));
  out.set("config_schema", d.config_schema ? Json(*d.config_schema) : Json());
  out.set("after", list(d.after));
  out.set("kinds", list(d.kinds));
  out.set("ignored", list(d.ignored));
  return out;
}

Descriptor descriptorFrom(const Json& json) {
  Descriptor out;
  out.id = member(json, "id").text();
  out.version = member(json, "version").text();
  out.name = member(json, "name").text();
  out.vendor = member(json, "vendor").text();
  out.license = member(json, "license").text();
  out.abi_major = static_cast<std::uint16_t>(member(json, "abi_major").integer());
  out.need_minor = static_cast<std::uint16_t>(member(json, "need_minor").integer());
  if (const Json& schema = member(json, "config_schema"); !schema.isNull()) {
    out.config_schema = schema.text();
  }
  out.after = texts(member(json, "after"));
  out.kinds = texts(member(json, "kinds"));
  out.ignored = texts(member(json, "ignored"));
  return out;
}

}  // namespace reeld::plugin
