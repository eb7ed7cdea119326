#include "billing/split.h"

#include "catalog/price.h"

namespace reeld::billing {

std::string printMoney(std::int64_t minor) {
  return minor < 0 ? "-" + catalog::printPrice(-minor) : catalog::printPrice(minor);
}

}  // namespace reeld::billing
