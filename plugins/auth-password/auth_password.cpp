// Passwords as Argon2id records (RFC 9106) in PHC form, which the host keeps beside its users:
//   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>
// Records of bcrypt and of Django are verified too, and replaced by one of these. One hash costs
// about 10 ms of CPU and its memory, so the plugin says it is CPU-bound and the host gives it the
// hashing lane. Who a person is, throttling and lockout are the host's.
#include "foreign_record.h"

#include <rapidjson/document.h>
#include <reeld/plugin.hpp>
#include <sodium.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>

using namespace reeld::sdk;

namespace {

constexpr size_t MaxSecret = 1024;
constexpr std::string_view Prefix = "$argon2id$v=19$";

struct Cost {
  uint32_t memory_kib = 0;
  uint32_t passes = 0;
  uint64_t work() const { return uint64_t{memory_kib} * passes; }
};

/// Reads "<name><digits>" off the front of the text.
bool take(std::string_view& text, std::string_view name, uint32_t& number) {
  if (!text.starts_with(name)) {
    return false;
  }
  text.remove_prefix(name.size());
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc()) {
    return false;
  }
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

/// What a record cost to make, or nothing if it is not of our form.
std::optional<Cost> costOf(std::string_view record) {
  Cost cost;
  uint32_t lanes = 0;
  if (!record.starts_with(Prefix) || record.size() >= crypto_pwhash_STRBYTES) {
    return std::nullopt;
  }
  record.remove_prefix(Prefix.size());
  const bool well_formed = take(record, "m=", cost.memory_kib) &&
                           take(record, ",t=", cost.passes) && take(record, ",p=", lanes) &&
                           record.starts_with('$');
  // A record that asks for gigabytes was not made by anybody's password provider.
  const bool sane = cost.memory_kib <= 4u << 20 && cost.passes <= 64 && lanes >= 1 && lanes <= 64;
  return well_formed && sane ? std::optional(cost) : std::nullopt;
}

Cost configured(std::string_view config) {
  rapidjson::Document json;
  json.Parse(config.data(), config.size());
  // The host validated it against our schema; another host (a test) may not have.
  const auto number = [&](const char* key, uint32_t least, uint32_t most) {
    const bool given = json.IsObject() && json.HasMember(key) && json[key].IsUint();
    if (!given || json[key].GetUint() < least || json[key].GetUint() > most) {
      throw Failure(REELD_INVALID, "must be an integer from " + std::to_string(least) + " to " +
                                       std::to_string(most))
          .at(std::string("/") + key);
    }
    return json[key].GetUint();
  };
  return {number("memlimit_kib", 7168, 1 << 20), number("opslimit", 1, 16)};
}

class AuthPassword {
 public:
  static constexpr auto id = "org.reeld.auth-password";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Passwords (Argon2id)";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr bool cpu_bound = true;
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "memlimit_kib": {"type": "integer", "minimum": 7168, "maximum": 1048576, "default": 19456,
                       "description": "memory of one hash in KiB"},
      "opslimit": {"type": "integer", "minimum": 1, "maximum": 16, "default": 2,
                   "description": "passes over that memory"}
    }
  })";

  AuthPassword(Host, std::string_view config) : cost_(configured(config)) {
    if (sodium_init() < 0) {
      throw Failure(REELD_UNAVAILABLE, "libsodium finds no source of randomness");
    }
  }

  void reconfigure(std::string_view config) { cost_ = configured(config); }

  std::string enroll(Call, std::string_view secret) {
    if (secret.empty()) {
      throw Failure(REELD_INVALID, "the password is empty");
    }
    if (secret.size() > MaxSecret) {
      throw Failure(REELD_INVALID, "the password is longer than 1024 bytes");
    }
    return hash(secret, cost_);
  }

  Verification verify(Call, std::string_view record, std::string_view secret) {
    if (!canBeSecret(secret)) {
      return {isKnown(record) ? REELD_DENIED : REELD_DEFER, std::nullopt};
    }
    const std::optional<Cost> made_at = costOf(record);
    if (!made_at) {
      return verifyOther(record, secret);
    }
    if (!matches(std::string(record), secret)) {
      return {REELD_DENIED, std::nullopt};
    }
    const Cost today = cost_;
    if (made_at->work() < today.work()) {
      return {REELD_OK, hash(secret, today)};
    }
    return {REELD_OK, std::nullopt};
  }

 private:
  static bool canBeSecret(std::string_view secret) {
    return !secret.empty() && secret.size() <= MaxSecret;
  }

  /// Whether the record is of a form that is verified here; hashes nothing.
  static bool isKnown(std::string_view record) {
    return costOf(record)
               ? crypto_pwhash_str_needs_rehash(std::string(record).c_str(), 1,
                                                crypto_pwhash_MEMLIMIT_MIN) != -1  // malformed
               : auth_password::isForeign(record);
  }

  /// A record that was brought here: good for one sign-in, which replaces it.
  Verification verifyOther(std::string_view record, std::string_view secret) const {
    if (secret.find('\0') != std::string_view::npos) {
      return {auth_password::isForeign(record) ? REELD_DENIED : REELD_DEFER, std::nullopt};
    }
    switch (auth_password::verifyForeign(record, secret)) {
      case auth_password::ForeignVerdict::Match:
        return {REELD_OK, hash(secret, cost_)};
      case auth_password::ForeignVerdict::PartMatch:
        return {REELD_OK, std::nullopt};
      case auth_password::ForeignVerdict::Mismatch:
        return {REELD_DENIED, std::nullopt};
      case auth_password::ForeignVerdict::NotOurs:
        return {REELD_DEFER, std::nullopt};
    }
    return {REELD_DEFER, std::nullopt};
  }

  static std::string hash(std::string_view secret, Cost cost) {
    std::array<char, crypto_pwhash_STRBYTES> record{};
    const size_t memory = size_t{cost.memory_kib} * 1024;
    if (crypto_pwhash_str_alg(record.data(), secret.data(), secret.size(), cost.passes, memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
      throw tooLittleMemory(cost);
    }
    return record.data();
  }

  static bool matches(const std::string& record, std::string_view secret) {
    errno = 0;
    if (crypto_pwhash_str_verify(record.c_str(), secret.data(), secret.size()) == 0) {
      return true;
    }
    // libsodium says -1 for both; a person must not be told "wrong password" for want of memory.
    if (errno == ENOMEM) {
      throw tooLittleMemory(*costOf(record));
    }
    return false;
  }

  static Failure tooLittleMemory(Cost cost) {
    return {REELD_UNAVAILABLE,
            "not enough memory to hash a password (" + std::to_string(cost.memory_kib) + " KiB)"};
  }

  std::atomic<Cost> cost_;  // replaced by reconfigure() while calls run
  static_assert(std::atomic<Cost>::is_always_lock_free);
};

}  // namespace

REELD_PLUGIN(AuthPassword)
