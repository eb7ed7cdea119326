// One INSERT for many rows: on PostgreSQL each statement is a way there and back. The statements
// have few lengths, so that the host keeps them prepared.
#pragma once
#include <reeld/plugin.hpp>

#include <array>
#include <string>
#include <vector>

namespace analytics_rollup {

class Batch {
 public:
  /// "INSERT INTO t (a, b)", how many columns that are, and what stands behind the values.
  Batch(const std::string& head, std::size_t columns, const std::string& tail);

  /// What RETURNING gives for all of them. No two rows may be in each other's way.
  std::vector<reeld::sdk::SqlRow> write(const reeld::sdk::Sql& sql,
                                        const std::vector<reeld::sdk::SqlRow>& rows) const;

 private:
  static constexpr std::array<std::size_t, 4> RowsAtOnce = {256, 32, 4, 1};

  std::array<std::string, RowsAtOnce.size()> texts_;
};

}  // namespace analytics_rollup
