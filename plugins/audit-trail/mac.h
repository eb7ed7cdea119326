// The seals of the trail: HMAC-SHA256, keyed once, 192 bits as 32 letters of base64url.
#pragma once
#define OPENSSL_API_COMPAT 0x10100000L  // since 3.0 the one-message functions are marked deprecated
#include <openssl/sha.h>

#include <string>
#include <string_view>

namespace audit_trail {

class MacKey {
 public:
  static constexpr std::size_t TextSize = 32;

  explicit MacKey(std::string_view key) noexcept;
  std::string mac(std::string_view data) const;
  /// A name for the key, which tells nothing of it.
  const std::string& name() const noexcept { return name_; }

 private:
  SHA256_CTX inner_;
  SHA256_CTX outer_;
  std::string name_;
};

/// Fields one behind the other so that no two lists of fields make the same bytes: each with its
/// size before it, "-" for one that is not there.
class Fields {
 public:
  Fields& add(std::string_view text);
  Fields& add(std::int64_t number);
  Fields& addNothing();
  std::string_view view() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  std::string bytes_;
};

}  // namespace audit_trail
