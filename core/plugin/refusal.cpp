// The one form of every message about a plugin that is not taken.
#include "plugin/refusal.h"

namespace reeld::plugin {

std::string explain(const std::string& instance, const std::string& file, const Refusal& refusal) {
  std::string text = "plugin ";
  if (instance.empty()) {
    text += file;
  } else {
    text += '"' + instance + "\" (" + file + ')';
  }
  text += ": " + refusal.what;
  if (!refusal.remedy.empty()) {
    text += "\n       -> " + refusal.remedy;
  }
  return text;
}

}  // namespace reeld::plugin
