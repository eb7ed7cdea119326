#include "http/live_settings.h"

#include "base/error.h"

#include <algorithm>

namespace reeld::http {

namespace {
std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// An element of X-Forwarded-For; some proxies add the port of an IPv4 client.
std::optional<engine::Address> forwarded(std::string_view element) noexcept {
  if (std::count(element.begin(), element.end(), ':') == 1) {
    element = element.substr(0, element.find(':'));
  }
  return engine::Address::parse(element);
}
}  // namespace

Live::Live(const LiveSettings& settings) : origins_(settings.cors_origins) {
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
  for (std::string& origin : origins_) {
    // Browsers send no trailing slash.
    while (!origin.empty() && origin.back() == '/') {
      origin.pop_back();
    }
  }
  std::erase(origins_, "");
  if (!wrong.empty()) {
    throw Error(std::move(wrong));
  }
}

bool Live::isTrusted(const engine::Address& address) const noexcept {
  return std::any_of(proxies_.begin(), proxies_.end(),
                     [&](const engine::Network& network) { return network.contains(address); });
}

Origin Live::originOf(const engine::Address& peer, const engine::Head& head) const noexcept {
  Origin origin{peer, false};
  if (proxies_.empty() || !isTrusted(peer)) {
    return origin;
  }
  for (std::size_t i = head.fieldCount(); i-- > 0;) {
    if (engine::equalsIgnoringCase(head.fieldName(i), "x-forwarded-proto")) {
      const std::string_view value = head.fieldValue(i);
      origin.https = trimmed(value.substr(value.rfind(',') + 1)) == "https";
      break;
    }
  }
  for (std::size_t i = head.fieldCount(); i-- > 0;) {
    if (!engine::equalsIgnoringCase(head.fieldName(i), "x-forwarded-for")) {
      continue;
    }
    std::string_view rest = head.fieldValue(i);
    while (true) {
      const auto comma = rest.rfind(',');
      const auto address = forwarded(trimmed(rest.substr(comma + 1)));
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

}  // namespace reeld::http
