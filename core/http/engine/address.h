// An IP address and a network (CIDR), IPv4 kept as mapped IPv6 so that there is one form.
#pragma once
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::http::engine {

class Address {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  Address() = default;
  static Address of(const sockaddr_storage& socket_address) noexcept;
  /// "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; nothing else.
  static std::optional<Address> parse(std::string_view text) noexcept;

  bool isV4() const noexcept;
  bool isLoopback() const noexcept;
  /// IPv4 itself, IPv6 its /64: what belongs to one subscriber.
  Address subscriber() const noexcept;
  std::string text() const;
  const Bytes& bytes() const noexcept { return bytes_; }
  bool operator==(const Address&) const = default;

 private:
  Bytes bytes_{};
};

struct AddressHash {
  std::size_t operator()(const Address& address) const noexcept;
};

class Network {
 public:
  /// "10.0.0.0/8", "::1", "192.0.2.7"; nothing if malformed or if bits beyond the prefix are set.
  static std::optional<Network> parse(std::string_view text) noexcept;
  bool contains(const Address& address) const noexcept;

 private:
  Address base_;
  unsigned bits_ = 128;
};

}  // namespace reeld::http::engine
