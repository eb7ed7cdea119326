#include "billing/payment_hooks.h"

#include "base/error.h"

namespace reeld::billing {

int PaymentHooks::take(const std::string& instance, const HeaderList& headers,
                       std::string_view body) {
  PaymentProvider* const provider = providers_.find(instance);
  if (provider == nullptr) {
    throw Error(ErrorCode::NotFound, "there is no payment provider of that name");
  }
  const auto events = provider->webhook(headers, body);
  if (events.empty()) {
    return 0;
  }
  const EpochMs now = clock_.now();
  return database_.transactByLocks([&](db::Session& session) {
    int applied = 0;
    for (const PaymentEvent& event : events) {
      applied += settlement_.take(session, instance, event, now) == Outcome::Applied ? 1 : 0;
    }
    return applied;
  });
}

}  // namespace reeld::billing
