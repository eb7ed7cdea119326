#include "http/engine/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace reeld::http::engine {

namespace {
constexpr std::array<std::uint8_t, 12> MappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

template <std::size_t Size>
bool copyText(std::string_view text, std::array<char, Size>& buffer) noexcept {
  if (text.empty() || text.size() >= Size) {
    return false;
  }
  std::copy(text.begin(), text.end(), buffer.begin());
  buffer[text.size()] = '\0';
  return true;
}
}  // namespace

Address Address::of(const sockaddr_storage& socket_address) noexcept {
  Address address;
  if (socket_address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &socket_address, sizeof v6);
    std::memcpy(address.bytes_.data(), &v6.sin6_addr, 16);
  } else if (socket_address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &socket_address, sizeof v4);
    std::copy(MappedPrefix.begin(), MappedPrefix.end(), address.bytes_.begin());
    std::memcpy(address.bytes_.data() + 12, &v4.sin_addr, 4);
  }
  return address;
}

std::optional<Address> Address::parse(std::string_view text) noexcept {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  std::array<char, 64> buffer{};
  if (!copyText(text, buffer)) {
    return std::nullopt;
  }
  Address address;
  if (inet_pton(AF_INET6, buffer.data(), address.bytes_.data()) == 1) {
    return address;
  }
  if (inet_pton(AF_INET, buffer.data(), address.bytes_.data() + 12) == 1) {
    std::copy(MappedPrefix.begin(), MappedPrefix.end(), address.bytes_.begin());
    return address;
  }
  return std::nullopt;
}

bool Address::isV4() const noexcept {
  return std::equal(MappedPrefix.begin(), MappedPrefix.end(), bytes_.begin());
}

bool Address::isLoopback() const noexcept {
  if (isV4()) {
    return bytes_[12] == 127;
  }
  return bytes_[15] == 1 &&
         std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto b) { return b == 0; });
}

Address Address::subscriber() const noexcept {
  Address result = *this;
  if (!isV4()) {
    std::fill(result.bytes_.begin() + 8, result.bytes_.end(), std::uint8_t{0});
  }
  return result;
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const bool v4 = isV4();
  inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? 12 : 0), buffer.data(), buffer.size());
  return buffer.data();
}

std::size_t AddressHash::operator()(const Address& address) const noexcept {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.bytes().data(), 8);
  std::memcpy(&low, address.bytes().data() + 8, 8);
  return (high * 0x9e3779b97f4a7c15ULL) ^ (low * 0xc2b2ae3d27d4eb4fULL);
}

std::optional<Network> Network::parse(std::string_view text) noexcept {
  const auto slash = text.find('/');
  const auto base = Address::parse(text.substr(0, slash));
  if (!base) {
    return std::nullopt;
  }
  Network network;
  network.base_ = *base;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const unsigned shift = base->isV4() ? 96 : 0;
    if (error != std::errc() || end != digits.data() + digits.size() || bits > 128 - shift) {
      return std::nullopt;
    }
    network.bits_ = bits + shift;
  }
  for (unsigned bit = network.bits_; bit < 128; ++bit) {
    if (((base->bytes()[bit / 8] >> (7 - bit % 8)) & 1) != 0) {
      return std::nullopt;
    }
  }
  return network;
}

bool Network::contains(const Address& address) const noexcept {
  const unsigned whole = bits_ / 8;
  if (!std::equal(base_.bytes().begin(), base_.bytes().begin() + whole, address.bytes().begin())) {
    return false;
  }
  const unsigned rest = bits_ % 8;
  return rest == 0 || ((base_.bytes()[whole] ^ address.bytes()[whole]) >> (8 - rest)) == 0;
}

}  // namespace reeld::http::engine
