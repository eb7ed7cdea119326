// SQL that is put together from literals of ours, with its values: each placeholder is numbered
// where it is written, so the numbers ascend as both engines need them.
#pragma once
#include "db/row.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::catalog {

class QueryText {
 public:
  QueryText() { sql_.reserve(UsualLength); }
  QueryText& operator<<(std::string_view sql) {
    sql_ += sql;
    return *this;
  }
  /// A placeholder for the value.
  template <class T>
  QueryText& bind(const T& value) {
    values_.push_back(db::toValue(value));
    sql_ += "$" + std::to_string(values_.size());
    return *this;
  }
  const std::string& sql() const noexcept { return sql_; }
  const std::vector<db::Value>& values() const noexcept { return values_; }

 private:
  static constexpr std::size_t UsualLength = 1500;  ///< of a list

  std::string sql_;
  std::vector<db::Value> values_;
};

}  // namespace reeld::catalog
