// The one form of every message about a plugin that is not taken.
#include "plugin/refusal.h"

namespace reeld::plugin {
namespace {
constexpr std::string_view Arrow = "\n       -> ";
}

std::string explain(const std::string& instance, const std::string& file, const Refusal& refusal) {
  std::string text = "plugin ";
  if (instance.empty()) {
    text += file;
  } else {
    text += '"' + instance + "\" (" + file + ')';
  }
  text += ": " + refusal.what;
  if (!refusal.remedy.empty()) {
    text += Arrow;
    text += refusal.remedy;
  }
  return text;
}

std::string onOneLine(const std::string& explained) {
  const auto arrow = explained.find(Arrow);
  if (arrow == std::string::npos) {
    return explained;
  }
  return explained.substr(0, arrow) + " -> " + explained.substr(arrow + Arrow.size());
}

}  // namespace reeld::plugin
