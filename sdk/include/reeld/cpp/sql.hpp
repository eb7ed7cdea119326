// The instance's own tables through reeld.host.sql/1. Every value is text, as in the C table.
#pragma once
#include <reeld/cpp/contain.hpp>

#include <optional>
#include <vector>

namespace reeld::sdk {

using SqlValue = std::optional<std::string>;  ///< nothing = SQL NULL
using SqlRow = std::vector<SqlValue>;

class Sql {
 public:
  Sql(const reeld_host* host, const reeld_host_sql* table) : host_(host), table_(table) {}

  bool isSqlite() const { return view(table_->dialect(host_)) == "sqlite"; }

  /// One statement, in a transaction of its own unless inside transact().
  std::vector<SqlRow> execute(std::string_view sql, const SqlRow& params = {}) const {
    return run(table_->execute, sql, params);
  }

  /// One SELECT that waits for nobody who writes, where the host can do that.
  std::vector<SqlRow> query(std::string_view sql, const SqlRow& params = {}) const {
    return run(REELD_HAS(table_, query) ? table_->query : table_->execute, sql, params);
  }

  /// The statement once per row, all in one transaction; every row has the same number of values.
  void executeMany(std::string_view sql, const std::vector<SqlRow>& rows) const {
    if (rows.empty())
      return;
    std::vector<reeld_str> values;
    for (const SqlRow& row : rows) {
      const std::vector<reeld_str> part = borrowed(row);
      values.insert(values.end(), part.begin(), part.end());
    }
    reeld_error error = blank();
    require(table_->execute_many(host_, nullptr, abi(sql), values.data(), rows.front().size(),
                                 rows.size(), &error),
            error);
  }

  /// Runs body in one transaction; a Failure or exception rolls back. body may run again.
  template <class Body>
  void transact(Body&& body) const {
    struct Frame {
      Body& body;
      reeld_error error;
    } frame{body, blank()};
    reeld_error error = blank();
    const reeld_status status = table_->transact(
        host_, nullptr,
        [](void* ctx) -> reeld_status {
          auto* f = static_cast<Frame*>(ctx);
          return contain(&f->error, [&] {
            f->body();
            return REELD_OK;
          });
        },
        &frame, &error);
    require(status, error.message[0] != '\0' ? error : frame.error);
  }

 private:
  std::vector<SqlRow> run(decltype(reeld_host_sql::execute) function, std::string_view sql,
                          const SqlRow& params) const {
    const std::vector<reeld_str> values = borrowed(params);
    std::vector<SqlRow> rows;
    const reeld_row_sink sink{&rows,
                              [](void* ctx, const reeld_str* columns, size_t count) -> int32_t {
                                SqlRow row;
                                row.reserve(count);
                                for (size_t i = 0; i < count; ++i)
                                  row.push_back(owned(columns[i]));
                                static_cast<std::vector<SqlRow>*>(ctx)->push_back(std::move(row));
                                return 1;
                              }};
    reeld_error error = blank();
    require(function(host_, nullptr, abi(sql), values.data(), values.size(), &sink, &error), error);
    return rows;
  }
  static reeld_error blank() noexcept {
    reeld_error error{};
    error.struct_size = sizeof error;
    return error;
  }
  static std::vector<reeld_str> borrowed(const SqlRow& row) {
    std::vector<reeld_str> out;
    out.reserve(row.size());
    for (const SqlValue& value : row)
      out.push_back(value ? abi(*value) : reeld_str{nullptr, 0});
    return out;
  }
  static SqlValue owned(reeld_str text) {
    if (text.data == nullptr)
      return std::nullopt;
    return std::string(view(text));
  }

  const reeld_host* host_;
  const reeld_host_sql* table_;
};

}  // namespace reeld::sdk
