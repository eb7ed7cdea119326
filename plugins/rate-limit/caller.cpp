#include "caller.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace rate_limit {

namespace {

using AddressText = std::array<char, INET6_ADDRSTRLEN>;

std::uint64_t bigEndian(const unsigned char* bytes, std::size_t count) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    number = number << 8 | bytes[i];
  }
  return number;
}

}  // namespace

Caller callerOf(std::string_view user_id, std::string_view peer) noexcept {
  std::uint64_t user = 0;
  const char* const end = user_id.data() + user_id.size();
  const auto [rest, failure] = std::from_chars(user_id.data(), end, user);
  if (!user_id.empty() && failure == std::errc() && rest == end) {
    return {Caller::Kind::User, user};
  }
  AddressText text{};
  std::memcpy(text.data(), peer.data(), std::min(peer.size(), text.size() - 1));
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const bool v6 = peer.find(':') != std::string_view::npos;
  if (v6 && inet_pton(AF_INET6, text.data(), bytes.data()) == 1) {
    return {Caller::Kind::V6, bigEndian(bytes.data(), sizeof(std::uint64_t))};
  }
  bytes = {};
  inet_pton(AF_INET, text.data(), bytes.data());
  return {Caller::Kind::V4, bigEndian(bytes.data(), sizeof(in_addr))};
}

std::string printed(const Caller& caller) {
  if (caller.kind == Caller::Kind::User) {
    return "user " + std::to_string(caller.number);
  }
  const bool v6 = caller.kind == Caller::Kind::V6;
  const std::size_t size = v6 ? sizeof(std::uint64_t) : sizeof(in_addr);
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<unsigned char>(caller.number >> (8 * (size - 1 - i)));
  }
  AddressText text{};
  inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size());
  return std::string(text.data()) + (v6 ? "/64" : "");
}

}  // namespace rate_limit
