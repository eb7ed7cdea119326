// What of http may change while it runs: the origins of cross-site pages and the proxies that are
// believed. Compiled once per (re)load and swapped as a pointer.
#pragma once
#include "http/engine/address.h"
#include "http/engine/head.h"

#include <string>
#include <string_view>
#include <vector>

namespace reeld::http {

struct LiveSettings {
  std::vector<std::string> cors_origins;     ///< URLs of allowed pages; their origin counts
  std::vector<std::string> trusted_proxies;  ///< addresses and CIDR networks
  std::string public_url = {};               ///< where clients find this server; "" = not known
};

/// The origin of a URL as browsers write it (RFC 6454, section 6.1): lower case, without the port
/// that its scheme has anyway, without path. "" for what is no http(s) URL.
std::string originOfUrl(std::string_view url);

/// Where a request came from and where its client sent it, after the proxies that are believed.
struct Origin {
  engine::Address address;
  bool https = false;
  std::string_view forwarded_host;  ///< a view into the head; empty if the Host field counts
};

class Live {
 public:
  /// Throws Error INVALID naming every value that is no network.
  explicit Live(const LiveSettings& settings);

  bool isTrusted(const engine::Address& address) const noexcept;
  /// X-Forwarded-For, -Proto and -Host count only if the connection itself comes from a trusted
  /// proxy; the client is the rightmost address that is not one, of the others the last counts.
  Origin originOf(const engine::Address& peer, const engine::Head& head) const noexcept;

  bool hasOrigins() const noexcept { return !origins_.empty(); }
  bool allowsOrigin(std::string_view origin) const noexcept;
  /// The origin is this server's own: that of its public URL, or the one the request went to.
  bool isOwnOrigin(std::string_view origin, std::string_view host) const noexcept;
  /// Where clients find this server, as an origin: the public URL's, else what a request went to;
  /// "" if that one named no host.
  std::string siteOrigin(std::string_view scheme, std::string_view host) const;

 private:
  std::vector<std::string> origins_;
  std::string own_origin_;
  std::vector<engine::Network> proxies_;
};

}  // namespace reeld::http
