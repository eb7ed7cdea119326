#include "plugin/registry.h"

#include "base/sorted_json.h"
#include "plugin/call.h"
#include "plugin/quarantine.h"
#include "plugin/start_order.h"

#include <reeld/kind/report.h>

#include <map>
#include <utility>

namespace reeld::plugin {
namespace {

constexpr std::chrono::milliseconds MostForOne = std::chrono::seconds(7);

std::string joinedKinds(const Descriptor& descriptor) {
  std::string text;
  for (const std::string& kind : descriptor.kinds) {
    text += (text.empty() ? "" : ", ") + kind;
  }
  return text;
}

std::string neededAbi(const Descriptor& descriptor) {
  return std::to_string(descriptor.abi_major) + '.' + std::to_string(descriptor.need_minor);
}

std::string summary(const Descriptor& descriptor) {
  return descriptor.id + ' ' + descriptor.version + ", ABI " + neededAbi(descriptor) + ", " +
         joinedKinds(descriptor);
}

}  // namespace

Registry::Registry(RegistryOptions options, Log& log, Metrics& metrics, const Clock& clock)
    : options_(std::move(options)),
      log_(log),
      metrics_(metrics),
      clock_(clock),
      inspector_(options_.plugin_dirs, Prober(options_.worker), options_.user) {
  for (const InstanceSettings& settings : options_.instances) {
    const std::string folder = options_.data_dir + "/instances/" + settings.name;
    instances_.push_back(std::make_unique<Instance>(
        settings, InstanceParts{log_, metrics_, clock_, options_.database, folder, options_.limits,
                                site_secret_}));
  }
}

Registry::~Registry() { stop(std::chrono::seconds(10)); }

void Registry::load() {
  std::string fatal;
  std::map<std::string, std::string> path_of;  // by id
  for (const auto& instance : instances_) {
    Inspection inspection = inspector_.inspect(instance->settings());
    if (auto* candidate = std::get_if<Candidate>(&inspection)) {
      const auto [known, is_new] = path_of.emplace(candidate->descriptor.id, candidate->path);
      if (!is_new && known->second != candidate->path) {
        inspection = Refusal{"has the id " + known->first + ", which " + known->second + " has too",
                             "keep one of the two files"};
      }
    }
    if (const auto* sound = std::get_if<Candidate>(&inspection);
        sound != nullptr && !instance->isRequired()) {
      if (auto refusal = quarantine(instance->crashRecord(), sound->path)) {
        quarantined_.push_back({instance->name(), refusal->what});
        inspection = std::move(*refusal);
      }
    }
    if (const auto* refusal = std::get_if<Refusal>(&inspection)) {
      const std::string text = explain(instance->name(), instance->file(), *refusal);
      instance->fail(text);
      if (instance->isRequired()) {
        fatal += (fatal.empty() ? "" : "\n") + text;
      } else {
        log_.warning("an instance is left out",
                     {{"instance", instance->name()}, {"reason", onOneLine(text)}});
      }
      continue;
    }
    auto& candidate = std::get<Candidate>(inspection);
    for (const std::string& kind : candidate.descriptor.ignored) {
      log_.info("an interface of a plugin is not known here and ignored",
                {{"instance", instance->name()}, {"interface", kind}});
    }
    instance->probed(std::move(candidate));
  }
  if (!fatal.empty()) {
    throw Error(ErrorCode::Invalid, fatal);
  }
  order();
}

void Registry::order() {
  std::vector<OrderedInstance> nodes;
  std::vector<Instance*> good;
  for (const auto& instance : instances_) {
    if (instance->candidate()) {
      const Descriptor& descriptor = instance->candidate()->descriptor;
      nodes.push_back({instance->name(), descriptor.id, descriptor.after});
      good.push_back(instance.get());
    }
  }
  in_order_.clear();
  for (const std::size_t i : startOrder(nodes)) {
    in_order_.push_back(good[i]);
  }
}

void Registry::takeUp(Instance& instance, void (Instance::*step)(), std::vector<Error>& fatal) {
  try {
    (instance.*step)();
  } catch (const Error& failure) {
    if (instance.isRequired()) {
      fatal.push_back(failure);
      return;
    }
    log_.warning("an instance is left out",
                 {{"instance", instance.name()}, {"reason", onOneLine(failure.what())}});
  }
}

void Registry::stopIfAny(const std::vector<Error>& fatal) {
  if (fatal.empty()) {
    return;
  }
  stop(options_.limits.deadline);
  std::string text;
  for (const Error& failure : fatal) {
    text += (text.empty() ? "" : "\n") + std::string(failure.what());
  }
  throw Error(fatal.front().code(), text);
}

void Registry::start() {
  std::vector<Error> fatal;
  for (Instance* instance : in_order_) {
    if (!instance->runsInWorker()) {
      takeUp(*instance, &Instance::open, fatal);
    }
    if (instance->state() == State::Opened) {
      takeUp(*instance, &Instance::create, fatal);
    }
  }
  stopIfAny(fatal);
  for (Instance* instance : in_order_) {
    if (instance->state() == State::Created) {
      takeUp(*instance, &Instance::start, fatal);
      stopIfAny(fatal);
    }
  }
}

void Registry::stop(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (std::size_t left = in_order_.size(); left > 0; --left) {
    Instance* instance = in_order_[left - 1];
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    // One that hangs does not take it all; one that waits for a lock of the database (5 s) gets
    // there and stores what it has, if it is the first such.
    const auto share = std::clamp(rest, std::chrono::milliseconds(0), MostForOne);
    if (!instance->stop(share)) {
      for (auto& owned : instances_) {
        if (owned.get() == instance) {
          static_cast<void>(owned.release());  // a thread still uses it
        }
      }
      in_order_.erase(in_order_.begin() + static_cast<std::ptrdiff_t>(left) - 1);
    }
  }
  std::erase(instances_, nullptr);
}

void Registry::reconfigure(const std::vector<InstanceSettings>& instances) {
  std::vector<std::pair<Instance*, const InstanceSettings*>> changed;
  bool same = instances.size() == instances_.size();
  for (const InstanceSettings& settings : instances) {
    Instance* instance = find(settings.name);
    same = same && instance != nullptr && instance->settings().use == settings.use;
    if (same && !instance->settings().hasSameConfig(settings) &&
        meaningOf(instance->settings()) != meaningOf(settings)) {
      changed.emplace_back(instance, &settings);
    }
  }
  if (!same) {
    throw Error(ErrorCode::Invalid,
                "plugins were added, removed or exchanged\n       -> restart reeld to apply it");
  }
  std::vector<std::string> configs;
  for (const auto& [instance, settings] : changed) {
    auto config = instance->candidate()
                      ? effectiveConfig(instance->candidate()->descriptor, *settings)
                      : Refusal{"failed when reeld started", "restart reeld to apply it"};
    if (const auto* refusal = std::get_if<Refusal>(&config)) {
      throw Error(ErrorCode::Invalid, explain(instance->name(), instance->file(), *refusal));
    }
    configs.push_back(std::get<std::string>(config));
  }
  struct Applied {
    Instance* instance;
    InstanceSettings given;
    std::string config;
  };
  std::vector<Applied> applied;
  try {
    for (std::size_t i = 0; i < changed.size(); ++i) {
      Instance* instance = changed[i].first;
      Applied before{instance, instance->settings(), instance->config()};
      instance->reconfigure(*changed[i].second, configs[i]);
      applied.push_back(std::move(before));
    }
  } catch (const Error&) {
    for (const Applied& before : applied) {
      before.instance->reconfigure(before.given, before.config);
    }
    throw;
  }
}

void Registry::requireAcceptable(const std::vector<InstanceSettings>& instances) const {
  std::string text;
  for (const InstanceSettings& settings : instances) {
    const Instance* instance = find(settings.name);
    if (instance == nullptr || !instance->candidate() || instance->settings().use != settings.use) {
      continue;
    }
    const auto config = effectiveConfig(instance->candidate()->descriptor, settings);
    if (const auto* refusal = std::get_if<Refusal>(&config)) {
      text += (text.empty() ? "" : "\n") + explain(instance->name(), instance->file(), *refusal);
    }
  }
  if (!text.empty()) {
    throw Error(ErrorCode::Invalid, text);
  }
}

bool Registry::canReconfigure(const std::string& name) const {
  const Instance* instance = find(name);
  return instance != nullptr && instance->canReconfigure();
}

std::string Registry::meaningOf(const InstanceSettings& settings) const {
  const Instance* instance = find(settings.name);
  if (instance != nullptr && instance->candidate() && instance->settings().use == settings.use) {
    const auto config = effectiveConfig(instance->candidate()->descriptor, settings);
    if (const auto* text = std::get_if<std::string>(&config)) {
      return sortedText(Json::parse(*text));
    }
  }
  return sortedText(settings.config);
}

Instance* Registry::find(std::string_view name) noexcept {
  return const_cast<Instance*>(std::as_const(*this).find(name));
}

const Instance* Registry::find(std::string_view name) const noexcept {
  for (const auto& instance : instances_) {
    if (instance->name() == name) {
      return instance.get();
    }
  }
  return nullptr;
}

Instance& Registry::require(const std::string& name, std::string_view kind,
                            const std::string& asked_by) {
  Instance* instance = find(name);
  if (instance == nullptr) {
    throw Error(ErrorCode::Invalid, asked_by + ": there is no plugin instance \"" + name +
                                        "\"\n       -> name one of those under \"plugins\"");
  }
  // What failed and is not required is kept: its calls say why.
  if (instance->candidate() && !instance->offers(kind)) {
    throw Error(ErrorCode::Invalid,
                explain(name, instance->file(),
                        {"does not offer " + std::string(kind) + ", but " +
                             joinedKinds(instance->candidate()->descriptor),
                         "name an instance that does under \"" + asked_by + "\""}));
  }
  return *instance;
}

WorkerPlugin Registry::workerPlugin(const std::string& name, std::string_view kind,
                                    const std::string& asked_by) {
  const Instance& instance = require(name, kind, asked_by);
  if (!instance.candidate()) {
    throw Error(ErrorCode::Unavailable, instance.reason());
  }
  const Candidate& candidate = *instance.candidate();
  return {name, candidate.path, instance.config(), candidate.descriptor.id,
          candidate.descriptor.version};
}

std::vector<InstanceFacts> Registry::list() const {
  std::vector<InstanceFacts> facts;
  for (const auto& instance : instances_) {
    InstanceFacts line;
    line.name = instance->name();
    line.file = instance->file();
    line.required = instance->isRequired();
    line.state = word(instance->state());
    line.reason = instance->reason();
    line.is_up = instance->isUp();
    line.calls = instance->stats().calls();
    line.errors = instance->stats().errors();
    line.p99_us = instance->stats().p99Microseconds();
    if (instance->candidate()) {
      const Descriptor& descriptor = instance->candidate()->descriptor;
      line.id = descriptor.id;
      line.version = descriptor.version;
      line.abi = neededAbi(descriptor);
      line.kinds = descriptor.kinds;
    }
    facts.push_back(std::move(line));
  }
  return facts;
}

std::vector<Registry::RequiredFile> Registry::requiredFiles() const {
  std::vector<RequiredFile> files;
  for (const auto& instance : instances_) {
    if (instance->isRequired() && instance->candidate()) {
      for (auto& file : namedFiles(instance->candidate()->descriptor, instance->config())) {
        files.push_back({instance->name(), std::move(file)});
      }
    }
  }
  return files;
}

CheckReport Registry::check(const std::string& what) const {
  if (what.find('/') != std::string::npos) {
    const auto answer = inspector_.inspectFile(what);
    if (const auto* refusal = std::get_if<Refusal>(&answer)) {
      return {false, explain("", what, *refusal)};
    }
    return {true, what + ": " + summary(std::get<Descriptor>(answer))};
  }
  for (const auto& instance : instances_) {
    if (instance->name() == what) {
      const Inspection inspection = inspector_.inspect(instance->settings());
      if (const auto* refusal = std::get_if<Refusal>(&inspection)) {
        return {false, explain(instance->name(), instance->file(), *refusal)};
      }
      return {true, "plugin \"" + what + "\" (" + instance->file() +
                        "): " + summary(std::get<Candidate>(inspection).descriptor)};
    }
  }
  return {false, "there is no plugin instance \"" + what +
                     "\"\n       -> name one of those under \"plugins\", or a file by its path"};
}

std::string Registry::report(const std::string& name, const std::string& what) {
  Instance* instance = find(name);
  if (instance == nullptr) {
    throw Error(ErrorCode::NotFound, "there is no plugin instance \"" + name + "\"");
  }
  Call call(*instance);
  const auto& table = call.table<reeld_report>(REELD_REPORT);
  std::string told;
  const reeld_sink sink{&told, [](void* ctx, reeld_bytes json, std::uint64_t) {
                          static_cast<std::string*>(ctx)->assign(view(json));
                        }};
  call.require(table.report(call.self(), call.context(), abi(what), &sink, call.error()));
  return told;
}

}  // namespace reeld::plugin
