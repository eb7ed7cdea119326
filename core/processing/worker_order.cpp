#include "processing/worker_order.h"

#include "base/error.h"

namespace reeld::processing {

namespace {
std::string_view sandboxWord(SandboxMode mode) {
  switch (mode) {
    case SandboxMode::Required:
      return "required";
    case SandboxMode::BestEffort:
      return "best-effort";
    case SandboxMode::Off:
      return "off";
  }
  return "required";
}

const Json& orderMember(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) {
    throw Error(ErrorCode::Invalid, "the worker's order lacks \"" + std::string(name) + "\"");
  }
  return *found;
}

std::uint64_t orderCount(const Json& json, std::string_view name) {
  const std::int64_t value = orderMember(json, name).integer();
  if (value <= 0) {
    throw Error(ErrorCode::Invalid,
                "the worker's order has no positive \"" + std::string(name) + "\"");
  }
  return static_cast<std::uint64_t>(value);
}
}  // namespace

SandboxMode parseSandboxMode(std::string_view text) {
  for (const SandboxMode mode :
       {SandboxMode::Required, SandboxMode::BestEffort, SandboxMode::Off}) {
    if (sandboxWord(mode) == text) {
      return mode;
    }
  }
  throw Error(ErrorCode::Invalid, "processing.sandbox is \"" + std::string(text) +
                                      "\": use required, best-effort or off");
}

std::string WorkerOrder::toJson() const {
  JsonWriter json;
  json.beginObject();
  json.member("task", task == WorkerTask::Run ? "run" : "probe");
  json.member("plugin", plugin_path).member("instance", instance).member("config", config);
  json.member("job_id", job_id).member("spec", spec);
  json.key("inputs").beginArray();
  for (const std::string& input : inputs) {
    json.value(input);
  }
  json.endArray();
  json.member("sandbox", sandboxWord(sandbox)).member("parent", parent);
  json.key("limits").beginObject();
  json.member("address_space_bytes", static_cast<std::int64_t>(limits.address_space_bytes));
  json.member("cpu_seconds", static_cast<std::int64_t>(limits.cpu_seconds));
  json.member("file_bytes", static_cast<std::int64_t>(limits.file_bytes));
  json.member("open_files", static_cast<std::int64_t>(limits.open_files));
  json.endObject().endObject();
  return json.take();
}

WorkerOrder WorkerOrder::fromJson(std::string_view text) {
  const Json json = Json::parse(text);
  WorkerOrder order;
  order.task = orderMember(json, "task").text() == "probe" ? WorkerTask::Probe : WorkerTask::Run;
  order.plugin_path = orderMember(json, "plugin").text();
  order.instance = orderMember(json, "instance").text();
  order.config = orderMember(json, "config").text();
  order.job_id = orderMember(json, "job_id").text();
  order.spec = orderMember(json, "spec");
  for (const Json& input : orderMember(json, "inputs").array()) {
    order.inputs.push_back(input.text());
  }
  order.sandbox = parseSandboxMode(orderMember(json, "sandbox").text());
  order.parent = orderMember(json, "parent").integer();
  const Json& limits = orderMember(json, "limits");
  order.limits.address_space_bytes = orderCount(limits, "address_space_bytes");
  order.limits.cpu_seconds = orderCount(limits, "cpu_seconds");
  order.limits.file_bytes = orderCount(limits, "file_bytes");
  order.limits.open_files = orderCount(limits, "open_files");
  return order;
}

}  // namespace reeld::processing
