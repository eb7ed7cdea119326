// Opens, accepts or refuses, describes: what reeld-worker --probe prints.
#include "plugin/probe_answer.h"

#include "plugin/descriptor.h"
#include "plugin/library.h"

namespace reeld::plugin {
namespace {

Json printed(const Refusal& refusal) {
  Json inner;
  inner.set("what", refusal.what);
  inner.set("remedy", refusal.remedy);
  Json out;
  out.set("refused", inner);
  return out;
}

}  // namespace

std::string answerProbe(const std::string& absolute_path) {
  const auto opened = openLibrary(absolute_path);
  if (const auto* refusal = std::get_if<Refusal>(&opened)) {
    return printed(*refusal).dump();
  }
  const auto* plugin = std::get<const reeld_plugin*>(opened);
  if (const auto refusal = refuse(plugin)) {
    return printed(*refusal).dump();
  }
  Json out;
  out.set("plugin", toJson(describe(plugin)));
  return out.dump();
}

}  // namespace reeld::plugin
