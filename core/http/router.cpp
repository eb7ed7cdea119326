#include "http/router.h"

#include "base/error.h"

#include <algorithm>

namespace reeld::http {

namespace {
constexpr std::array<std::string_view, Router::Methods> Names = {"GET",   "HEAD",   "POST",   "PUT",
                                                                 "PATCH", "DELETE", "OPTIONS"};

constexpr std::uint8_t bit(Method method) noexcept {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(method));
}

[[noreturn]] void malformedPattern(const std::string& pattern, const char* why) {
  throw Error(ErrorCode::Internal, "route " + pattern + ": " + why);
}
}  // namespace

std::string_view methodName(Method method) noexcept {
  return Names[static_cast<std::size_t>(method)];
}

std::optional<Method> methodOf(std::string_view name) noexcept {
  for (std::size_t i = 0; i < Names.size(); ++i) {
    if (Names[i] == name) {
      return static_cast<Method>(i);
    }
  }
  return std::nullopt;
}

struct Router::Node {
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
  std::unique_ptr<Node> parameter;
  std::array<const Entry*, Methods> here{};
  std::array<const Entry*, Methods> tails{};  ///< of a {name*} that starts below this node
};

struct Router::Search {
  Method method;
  std::string_view path;
  bool root;
  std::array<Span, MaxParameters> values;
  Match match;

  /// True when the search is over.
  bool visit(const std::array<const Entry*, Methods>& entries) noexcept {
    for (std::size_t i = 0; i < Methods; ++i) {
      if (entries[i] != nullptr) {
        if (match.other == nullptr) {
          match.other = entries[i];
          match.values = values;
        }
        match.allowed |= static_cast<std::uint8_t>(1U << i);
      }
    }
    const Entry* entry = entries[static_cast<std::size_t>(method)];
    if (entry == nullptr && method == Method::Head) {
      entry = entries[static_cast<std::size_t>(Method::Get)];
    }
    if (entry != nullptr) {
      match.entry = entry;
      match.values = values;
    }
    return entry != nullptr;
  }
};

Router::Router(const Routes& routes) : root_(std::make_unique<Node>()) {
  for (std::size_t i = 0; i < routes.size(); ++i) {
    entries_.push_back(std::make_unique<Entry>(Entry{&routes[i], i, {}}));
    Entry& entry = *entries_.back();
    std::string_view rest = entry.route->pattern;
    while (!rest.empty()) {
      const auto open = rest.find('{');
      const auto close = rest.find('}');
      if (open == std::string_view::npos) {
        break;
      }
      if (close == std::string_view::npos || close < open) {
        malformedPattern(entry.route->pattern, "unbalanced braces");
      }
      std::string name(rest.substr(open + 1, close - open - 1));
      if (!name.empty() && name.back() == '*') {
        name.pop_back();
      }
      entry.parameters.push_back(std::move(name));
      rest.remove_prefix(close + 1);
    }
    add(entry);
  }
}

Router::~Router() = default;

void Router::add(const Entry& entry) {
  const std::string& pattern = entry.route->pattern;
  if (pattern.empty() || pattern.front() != '/' || entry.parameters.size() > MaxParameters) {
    malformedPattern(pattern, "must start with a slash and have at most 8 parameters");
  }
  Node* node = root_.get();
  std::array<const Entry*, Methods>* place = &node->here;
  std::string_view rest = std::string_view(pattern).substr(1);
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    if (segment.size() > 3 && segment.ends_with("*}") && segment.front() == '{') {
      if (!rest.empty()) {
        malformedPattern(pattern, "{name*} must be last");
      }
      place = &node->tails;
      break;
    }
    if (segment.size() > 2 && segment.front() == '{' && segment.back() == '}') {
      if (!node->parameter) {
        node->parameter = std::make_unique<Node>();
      }
      node = node->parameter.get();
    } else {
      if (segment.empty() || segment.find_first_of("{}") != std::string_view::npos) {
        malformedPattern(pattern, "a segment is a literal or one {name}");
      }
      auto found = std::find_if(node->literals.begin(), node->literals.end(),
                                [&](const auto& child) { return child.first == segment; });
      if (found == node->literals.end()) {
        node->literals.emplace_back(segment, std::make_unique<Node>());
        found = node->literals.end() - 1;
      }
      node = found->second.get();
    }
    place = &node->here;
  }
  const Entry*& slot = (*place)[static_cast<std::size_t>(entry.route->method)];
  if (slot != nullptr) {
    malformedPattern(pattern, "this method and path are taken already");
  }
  slot = &entry;
}

Router::Match Router::find(Method method, std::string_view path) const noexcept {
  Search search{method, path, path == "/", {}, {}};
  if (path.empty() || path.front() != '/' || path.size() > 0xffff) {
    return search.match;
  }
  if (path.size() > 1 && path.back() == '/') {
    search.path.remove_suffix(1);
  }
  descend(*root_, search, 1, 0);
  if ((search.match.allowed & bit(Method::Get)) != 0) {
    search.match.allowed |= bit(Method::Head);
  }
  return search.match;
}

void Router::descend(const Node& node, Search& search, std::size_t at,
                     std::size_t depth) const noexcept {
  const std::string_view path = search.path;
  if (at > path.size() || search.root) {
    search.visit(node.here);
    return;
  }
  const auto slash = path.find('/', at);  // at the end: an empty segment, which nothing matches
  const auto end = slash == std::string_view::npos ? path.size() : slash;
  const std::string_view segment = path.substr(at, end - at);
  for (const auto& [literal, child] : node.literals) {
    if (literal == segment) {
      descend(*child, search, end + 1, depth);
      break;
    }
  }
  if (search.match.entry == nullptr && node.parameter && !segment.empty() &&
      depth < MaxParameters) {
    search.values[depth] = {static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(end - at)};
    descend(*node.parameter, search, end + 1, depth + 1);
  }
  if (search.match.entry == nullptr && depth < MaxParameters && !segment.empty()) {
    search.values[depth] = {static_cast<std::uint16_t>(at),
                            static_cast<std::uint16_t>(path.size() - at)};
    search.visit(node.tails);
  }
}

std::string Router::allowHeader(std::uint8_t allowed) {
  allowed |= bit(Method::Options);
  std::string text;
  for (std::size_t i = 0; i < Methods; ++i) {
    if ((allowed >> i & 1) != 0) {
      text.append(text.empty() ? "" : ", ").append(Names[i]);
    }
  }
  return text;
}

}  // namespace reeld::http
