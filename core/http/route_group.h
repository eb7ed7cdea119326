// What kind of route it is, in one word: what interceptors and their configuration tell routes
// apart by.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace reeld::http {

enum class RouteGroup : std::uint8_t {
  Api,        ///< everything that is nothing below
  Auth,       ///< credentials and links in mails: what can be guessed
  Stream,     ///< play tokens and what they open
  Upload,     ///< bodies of files
  Media,      ///< playlists, segments, pictures
  Health,     ///< of the API
  Docs,       ///< the contract and its viewer
  Plugin,     ///< routes of plugins
  Unmatched,  ///< no route at all
};

/// In the order of the enumerators; config/settings.h has the same list.
constexpr std::array<std::string_view, 9> RouteGroupWords = {
    "api", "auth", "stream", "upload", "media", "health", "docs", "plugin", "unmatched"};

constexpr std::string_view word(RouteGroup group) noexcept {
  return RouteGroupWords[static_cast<std::size_t>(group)];
}

/// A set of them, one bit each.
using RouteGroups = std::uint16_t;
constexpr RouteGroups bitOf(RouteGroup group) noexcept {
  return static_cast<RouteGroups>(1U << static_cast<unsigned>(group));
}
constexpr RouteGroups AllRouteGroups = (1U << RouteGroupWords.size()) - 1;

}  // namespace reeld::http
