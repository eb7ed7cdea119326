// Connections per client address, over all loops, so that one client cannot take every slot.
#pragma once
#include "base/guarded.h"
#include "http/engine/address.h"

#include <cstddef>
#include <unordered_map>

namespace reeld::http::engine {

class AddressCounts {
 public:
  explicit AddressCounts(std::size_t limit) : limit_(limit) {}

  /// False if the address has all it may have.
  bool enter(const Address& address) {
    return counts_.with([&](auto& counts) {
      std::size_t& count = counts[address.subscriber()];
      return count < limit_ && ++count > 0;
    });
  }
  void leave(const Address& address) {
    counts_.with([&](auto& counts) {
      const auto found = counts.find(address.subscriber());
      if (--found->second == 0) {
        counts.erase(found);
      }
    });
  }

 private:
  const std::size_t limit_;
  Guarded<std::unordered_map<Address, std::size_t, AddressHash>> counts_;
};

}  // namespace reeld::http::engine
