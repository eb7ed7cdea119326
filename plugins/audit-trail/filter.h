// What a client wants to see: the query of GET .../audit/ as SQL conditions.
#pragma once
#include "entry.h"

#include <map>
#include <string>
#include <string_view>

namespace audit_trail {

/// The parameters of a query string, decoded; of several with one name the first.
using Parameters = std::map<std::string, std::string, std::less<>>;
Parameters parametersIn(std::string_view query);

class Filter {
 public:
  /// user_id, method, outcome, action, path, from, to; others are not its business. Throws Failure
  /// INVALID at the name of one that says nothing sensible.
  explicit Filter(const Parameters& parameters);

  bool isEmpty() const noexcept { return conditions_.empty(); }
  /// "WHERE ... " with placeholders from $1 on, or "".
  const std::string& where() const noexcept { return conditions_; }
  const SqlRow& values() const noexcept { return values_; }
  /// The parameters it was made of, as they stand in a link.
  const std::string& link() const noexcept { return link_; }

 private:
  /// `condition` names the value $1.
  void add(const std::string& condition, std::string value);

  std::string conditions_;
  SqlRow values_;
  std::string link_;
};

/// skip or limit; throws Failure INVALID at its name.
std::int64_t countIn(const Parameters& parameters, const std::string& name, std::int64_t fallback);

}  // namespace audit_trail
