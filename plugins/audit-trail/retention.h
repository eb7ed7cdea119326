// Takes away what is older than the administrator wants to keep, boot by boot from the front, and
// leaves a sealed mark of how far that went; so what is left can still be verified. What is not as
// it was written stays, with all behind it: taken away, nobody could find out any more.
#pragma once
#include "tables.h"

#include <reeld/cpp/host.hpp>

#include <set>
#include <string>

namespace audit_trail {

class Retention {
 public:
  /// The key outlives it.
  Retention(const reeld::sdk::Host& host, const MacKey& key);

  /// Records older than so many days; 0 = keeps all. How many were taken away; at most a few
  /// thousand at once, so that the writer has its turn between. One thread at a time.
  std::int64_t prune(std::int64_t keep_days);
  /// The same at the start of a daemon, which nothing here stops: what fails is left for later.
  void pruneAtStart(std::int64_t keep_days);

 private:
  struct Prefix {
    std::int64_t count = 0;
    Mark last;
    bool is_verified = true;  ///< by seals; not of a boot that another secret sealed
    std::string wrong;        ///< what it stopped at, if that is not as it was written
  };

  std::int64_t pruneOnce(std::int64_t boot, std::int64_t now, std::int64_t before);
  Prefix oldAtFront(std::int64_t boot, std::int64_t before) const;
  std::string sealOf(const Mark& mark, bool is_verified) const;
  void replaceMark(const Mark& mark) const;
  void tell(std::int64_t boot, const std::string& wrong);

  const reeld::sdk::Host host_;
  const Sql sql_;
  const MacKey& key_;
  std::set<std::int64_t> told_;  ///< boots of which the log has it
};

}  // namespace audit_trail
