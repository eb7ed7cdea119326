// Path and method to route. Patterns are literals, {name} for one segment, and {name*} last for the
// rest of the path; a literal wins over a parameter. A trailing slash never matters. Built once,
// then read by every loop without a lock; finding allocates nothing.
#pragma once
#include "http/route.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::http {

class Router {
 public:
  static constexpr std::size_t MaxParameters = 8;
  static constexpr std::size_t Methods = 7;
  static constexpr std::uint8_t AllMethods = (1U << Methods) - 1;

  struct Entry {
    const Route* route;
    std::size_t index;                    ///< in the list of routes
    std::vector<std::string> parameters;  ///< names, in the order of the pattern
  };
  struct Span {
    std::uint16_t at = 0;
    std::uint16_t size = 0;
  };
  struct Match {
    const Entry* entry = nullptr;            ///< none: 404 if allowed is empty, else 405
    const Entry* other = nullptr;            ///< if none: of another method at this path
    std::array<Span, MaxParameters> values;  ///< of its parameters, in the path
    std::uint8_t allowed = 0;                ///< bit per method that this path has
  };

  /// Keeps pointers into `routes`. Throws Error for a malformed or doubled pattern.
  explicit Router(const Routes& routes);
  ~Router();

  Match find(Method method, std::string_view path) const noexcept;
  /// "GET, HEAD, POST" for Match::allowed.
  static std::string allowHeader(std::uint8_t allowed);

 private:
  struct Node;
  struct Search;
  void add(const Entry& entry);
  void descend(const Node& node, Search& search, std::size_t at, std::size_t depth) const noexcept;

  std::vector<std::unique_ptr<Entry>> entries_;
  std::unique_ptr<Node> root_;
};

/// "GET"; the method of a name, nothing for one this server does not know.
std::string_view methodName(Method method) noexcept;
std::optional<Method> methodOf(std::string_view name) noexcept;

}  // namespace reeld::http
