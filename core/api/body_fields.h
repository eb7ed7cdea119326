// Reads the members of a JSON object one by one and collects all that is wrong with them, so that a
// client learns everything at once. Unknown members are ignored. Numbers and truth values are also
// taken as strings, because forms have nothing else.
#pragma once
#include "base/error.h"
#include "base/json.h"
#include "http/exchange.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::api {

/// The body as a JSON object. Throws INVALID with a violation (422) for what is no JSON and for
/// what is no object, and what refuseMediaType() throws for another content type; `accepted` is
/// what the route takes, for the sentence.
Json readJsonObject(const http::Exchange& exchange,
                    const std::string& accepted = "application/json");
/// The same for a body that was collected elsewhere.
Json parseJsonObject(const http::Exchange& exchange, std::string_view body,
                     const std::string& accepted = "application/json");

/// The one answer to a body of a type that the route does not take: 422 in v1, as its contract
/// says, 415 on any other surface; `code` is media-type on both.
[[noreturn]] void refuseMediaType(const http::Exchange& exchange, const std::string& accepted);

class BodyFields {
 public:
  explicit BodyFields(const Json& object) : object_(object) {}

  /// Absent and null are nothing, or wrong if the member is required.
  std::optional<std::string> text(const std::string& name);
  /// A list of strings, or a string with commas between them: forms have no lists.
  std::optional<std::vector<std::string>> texts(const std::string& name);
  std::string requiredText(const std::string& name);
  std::optional<bool> flag(const std::string& name);

  struct Price {
    bool named = false;  ///< the member is there, if only as null
    std::optional<std::int64_t> minor;
  };
  /// An amount from 0 to 999999.99 with at most two places.
  Price price(const std::string& name);

  void refuse(const std::string& name, std::string why);
  /// Adds those whose member has none yet.
  void refuse(std::vector<Violation> violations);
  bool refused() const noexcept { return !violations_.empty(); }
  /// Throws INVALID with everything that was refused.
  void check() const;

 private:
  const Json* member(const std::string& name) const;

  const Json& object_;
  std::vector<Violation> violations_;
};

}  // namespace reeld::api
