#include "site_event.h"

#include <algorithm>
#include <array>

namespace audit_trail {

namespace {

struct Action {
  std::string_view type;
  const char* action;
};
constexpr std::array Actions = {
    Action{"user.role_changed", "ROLE_CHANGED"},
    Action{"user.activated", "USER_ACTIVATED"},
    Action{"user.deactivated", "USER_DEACTIVATED"},
    Action{"user.deleted", "USER_DELETED"},
    Action{"user.password_changed", "PASSWORD_CHANGED"},
    Action{"video.price_changed", "PRICE_CHANGED"},
    Action{"order.refunded", "REFUND"},
    Action{"plugin.quarantined", "PLUGIN_QUARANTINED"},
};

}  // namespace

std::optional<Entry> entryOf(const reeld::sdk::Event& event) {
  const auto known = std::find_if(Actions.begin(), Actions.end(),
                                  [&](const Action& row) { return row.type == event.type(); });
  if (known == Actions.end()) {
    return std::nullopt;
  }
  Entry entry;
  entry.at = event.timeMs();
  if (!event.userId().empty()) {
    entry.user_id = std::stoll(std::string(event.userId()));
  }
  entry.action = known->action;
  entry.resource = std::string(event.subject());
  entry.detail = std::string(event.json());
  entry.event_id = std::string(event.id());
  return entry;
}

}  // namespace audit_trail
