#include "users/refresh_token.h"

#include "base/error.h"

namespace reeld::users {

namespace {

constexpr std::size_t GenerationBytes = 4;
constexpr std::size_t ContentBytes = SessionIdBytes + GenerationBytes;
constexpr std::size_t MacBytes = 32;

}  // namespace

RefreshTokens::RefreshTokens(std::string_view secret)
    : key_(HmacKey(secret).derived("reeld refresh token 1")) {}

std::string RefreshTokens::issue(const Content& content) const {
  auto bytes = fromBase64Url(content.session_id);
  if (!bytes || bytes->size() != SessionIdBytes) {
    throw Error(ErrorCode::Internal, "a session id has the wrong form");
  }
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes->push_back(static_cast<char>(content.generation >> shift & 0xffU));
  }
  bytes->append(bytesOf(key_.mac(*bytes)));
  return toBase64Url(*bytes);
}

std::optional<RefreshTokens::Content> RefreshTokens::read(std::string_view token) const {
  const auto bytes = fromBase64Url(token);
  if (!bytes || bytes->size() != ContentBytes + MacBytes) {
    return std::nullopt;
  }
  const std::string_view content = std::string_view(*bytes).substr(0, ContentBytes);
  const Digest mac = key_.mac(content);
  if (!equalInConstantTime(bytesOf(mac), std::string_view(*bytes).substr(ContentBytes))) {
    return std::nullopt;
  }
  std::uint32_t generation = 0;
  for (const char byte : content.substr(SessionIdBytes)) {
    generation = generation << 8U | static_cast<unsigned char>(byte);
  }
  return Content{.session_id = toBase64Url(content.substr(0, SessionIdBytes)),
                 .generation = generation};
}

}  // namespace reeld::users
