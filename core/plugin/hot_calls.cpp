#include "plugin/hot_calls.h"

namespace reeld::plugin {

HotCalls::HotCalls(Instance& instance, const char* kind)
    : lease_(instance),
      instance_(instance),
      table_(instance.table(kind)),
      self_(instance.self_),
      stats_(instance.stats_),
      site_(instance.crash_site_) {
  if (table_ == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "plugin \"" + instance.name() + "\" does not offer " + std::string(kind));
  }
}

}  // namespace reeld::plugin
