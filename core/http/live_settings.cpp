#include "http/live_settings.h"

#include "base/ascii.h"
#include "base/error.h"
#include "http/engine/authority.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reeld::http {

namespace {
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> Schemes = {
    {{"https://", ":443"}, {"http://", ":80"}}};

/// An element of X-Forwarded-For; some proxies add the port of an IPv4 client.
std::optional<engine::Address> forwarded(std::string_view element) noexcept {
  if (std::count(element.begin(), element.end(), ':') == 1) {
    element = element.substr(0, element.find(':'));
  }
  return engine::Address::parse(element);
}

/// The last element of the last field of that name; a proxy that is believed wrote it.
std::string_view lastForwarded(const engine::Head& head, std::string_view name) noexcept {
  for (std::size_t i = head.fieldCount(); i-- > 0;) {
    if (engine::equalsIgnoringCase(head.fieldName(i), name)) {
      const std::string_view value = head.fieldValue(i);
      return unpadded(value.substr(value.rfind(',') + 1));
    }
  }
  return {};
}
}  // namespace

std::string originOfUrl(std::string_view url) {
  std::string origin;
  std::string_view default_port;
  for (const auto& [scheme, port] : Schemes) {
    if (url.size() > scheme.size() &&
        engine::equalsIgnoringCase(url.substr(0, scheme.size()), scheme)) {
      origin = scheme;
      default_port = port;
      url.remove_prefix(scheme.size());
      break;
    }
  }
  if (origin.empty()) {
    return {};
  }
  std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  if (authority.ends_with(default_port)) {
    authority.remove_suffix(default_port.size());
  }
  return origin + lowered(authority);
}

Live::Live(const LiveSettings& settings) : own_origin_(originOfUrl(settings.public_url)) {
  std::vector<Violation> wrong;
  for (std::size_t i = 0; i < settings.trusted_proxies.size(); ++i) {
    const std::string& text = settings.trusted_proxies[i];
    if (const auto network = engine::Network::parse(text)) {
      proxies_.push_back(*network);
    } else {
      wrong.push_back({"/http/trusted_proxies/" + std::to_string(i),
                       "\"" + text + "\" is no address or network, for example 10.0.0.0/8"});
    }
  }
  for (const std::string& url : settings.cors_origins) {
    if (std::string origin = originOfUrl(url); !origin.empty()) {
      origins_.push_back(std::move(origin));
    }
  }
  if (!wrong.empty()) {
    throw Error(std::move(wrong));
  }
}

bool Live::isTrusted(const engine::Address& address) const noexcept {
  return std::any_of(proxies_.begin(), proxies_.end(),
                     [&](const engine::Network& network) { return network.contains(address); });
}

Origin Live::originOf(const engine::Address& peer, const engine::Head& head) const noexcept {
  Origin origin{peer, false, {}};
  if (proxies_.empty() || !isTrusted(peer)) {
    return origin;
  }
  origin.https = lastForwarded(head, "x-forwarded-proto") == "https";
  const std::string_view host = lastForwarded(head, "x-forwarded-host");
  if (!host.empty() && engine::isAuthority(host)) {
    origin.forwarded_host = host;
  }
  for (std::size_t i = head.fieldCount(); i-- > 0;) {
    if (!engine::equalsIgnoringCase(head.fieldName(i), "x-forwarded-for")) {
      continue;
    }
    std::string_view rest = head.fieldValue(i);
    while (true) {
      const auto comma = rest.rfind(',');
      const auto address = forwarded(unpadded(rest.substr(comma + 1)));
      if (!address) {
        return origin;
      }
      origin.address = *address;
      if (!isTrusted(*address)) {
        return origin;
      }
      if (comma == std::string_view::npos) {
        break;
      }
      rest = rest.substr(0, comma);
    }
  }
  return origin;
}

bool Live::allowsOrigin(std::string_view origin) const noexcept {
  return !origin.empty() && std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

bool Live::isOwnOrigin(std::string_view origin, std::string_view host) const noexcept {
  if (origin.empty()) {
    return false;
  }
  // A proxy in front may speak HTTPS to the browser and HTTP to us: the scheme is not compared.
  const auto authority = origin.find("://");
  return origin == own_origin_ || (authority != std::string_view::npos && !host.empty() &&
                                   origin.substr(authority + 3) == host);
}

std::string Live::siteOrigin(std::string_view scheme, std::string_view host) const {
  if (!own_origin_.empty() || host.empty()) {
    return own_origin_;
  }
  return originOfUrl(std::string(scheme).append("://").append(host));
}

}  // namespace reeld::http
