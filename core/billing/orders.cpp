#include "billing/orders.h"

#include "billing/order_repository.h"

namespace reeld::billing {

Orders::Page Orders::listOf(std::int64_t user, std::int64_t skip, std::int64_t limit) {
  return database_.read([&](db::Session& session) -> Page {
    return {listOrdersOf(session, user, skip, limit), countOrdersOf(session, user)};
  });
}

}  // namespace reeld::billing
