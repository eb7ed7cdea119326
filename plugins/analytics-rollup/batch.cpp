#include "batch.h"

#include <iterator>

using reeld::sdk::Sql;
using reeld::sdk::SqlRow;

namespace analytics_rollup {

Batch::Batch(const std::string& head, std::size_t columns, const std::string& tail) {
  for (std::size_t place = 0; place < texts_.size(); ++place) {
    std::string& text = texts_[place];
    text = head + " VALUES ";
    for (std::size_t i = 0; i < RowsAtOnce[place] * columns; ++i) {
      text += i % columns == 0 ? (i == 0 ? "($" : "), ($") : ", $";
      text += std::to_string(i + 1);
    }
    text += ") " + tail;
  }
}

std::vector<SqlRow> Batch::write(const Sql& sql, const std::vector<SqlRow>& rows) const {
  std::vector<SqlRow> returned;
  std::size_t at = 0;
  for (std::size_t place = 0; place < texts_.size(); ++place) {
    while (rows.size() - at >= RowsAtOnce[place]) {
      SqlRow values;
      for (const std::size_t end = at + RowsAtOnce[place]; at < end; ++at) {
        values.insert(values.end(), rows[at].begin(), rows[at].end());
      }
      auto some = sql.execute(texts_[place], values);
      std::move(some.begin(), some.end(), std::back_inserter(returned));
    }
  }
  return returned;
}

}  // namespace analytics_rollup
