// What people may see of orders.
#pragma once
#include "billing/order.h"
#include "db/database.h"

#include <vector>

namespace reeld::billing {

class Orders {
 public:
  explicit Orders(db::Database& database) : database_(database) {}

  struct Page {
    std::vector<Order> orders;  ///< newest first
    std::int64_t total = 0;
  };
  Page listOf(std::int64_t user, std::int64_t skip, std::int64_t limit);

 private:
  db::Database& database_;
};

}  // namespace reeld::billing
