// Writes what a batch of events adds to the tables, each event once: its id is kept in the same
// transaction.
#pragma once
#include "batch.h"
#include "tally.h"

#include <reeld/plugin.hpp>

#include <vector>

namespace analytics_rollup {

class Store {
 public:
  explicit Store(const reeld::sdk::Host& host);

  /// All or none. An event that cannot be read is passed over, with a line in the log: it would
  /// stand in the way of all others for ever.
  void take(const std::vector<reeld::sdk::Event>& events) const;
  /// Some of the ids that cannot come again.
  void forgetIds() const;

 private:
  void write(const reeld::sdk::Sql& sql, const Tally& tally) const;
  void writeViewers(const reeld::sdk::Sql& sql, const std::set<Viewer>& viewers) const;

  const reeld::sdk::Host host_;
  const Batch ids_;
  const Batch totals_;
  const Batch videos_;
  const Batch viewers_;
  const Batch returns_;
};

}  // namespace analytics_rollup
