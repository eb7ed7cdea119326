#include "users/user_import.h"

#include "base/error.h"
#include "base/json.h"
#include "db/outbox.h"
#include "users/credential_repository.h"
#include "users/email.h"
#include "users/user_repository.h"

#include <unordered_map>

namespace reeld::users {

UserImport::UserImport(db::Database& database, const Clock& clock,
                       std::vector<IdentityProvider*> providers)
    : database_(database), clock_(clock), providers_(std::move(providers)) {}

IdentityProvider* UserImport::keeperOf(const std::string& record) const {
  for (IdentityProvider* provider : providers_) {
    // Nobody has the empty password, so the answer tells of the record alone, and costs no hash.
    if (provider->keepsRecords() && provider->verify(record, "").verdict != Verdict::Defer) {
      return provider;
    }
  }
  return nullptr;
}

std::vector<ImportFault> UserImport::faultsOf(std::span<const ImportedUser> users) const {
  for (const IdentityProvider* provider : providers_) {
    if (const std::string why = provider->missing(); !why.empty()) {
      throw Error(ErrorCode::Unavailable, "records cannot be judged: " + why);
    }
  }
  std::vector<ImportFault> faults;
  std::unordered_map<std::string, std::size_t> lines;
  for (const ImportedUser& user : users) {
    const auto [first, is_new] = lines.emplace(emailKey(user.email), user.line);
    if (!is_new && !user.email.empty()) {
      faults.push_back({user.line, "email",
                        "is the same as in line " + std::to_string(first->second) +
                            " (case does not count): keep one of them"});
    }
    if (keeperOf(user.record) == nullptr) {
      faults.push_back({user.line, "record",
                        user.record.empty() ? "is missing"
                                            : "is of no form that a provider in auth_providers "
                                              "knows: $argon2id$, $2b$ or pbkdf2_sha256$"});
    }
  }
  return faults;
}

bool UserImport::insert(db::Session& session, const ImportedUser& user) {
  const EpochMs now = clock_.now();
  const auto id = insertUser(session, user.email, user.role, user.created_at.value_or(now));
  if (!id) {
    return false;
  }
  if (!user.active) {
    setActive(session, *id, false);
  }
  if (!user.verified) {
    setAwaitsActivation(session, *id, true);
  }
  putCredential(session, *id, keeperOf(user.record)->name(), user.record, now);
  JsonWriter json;
  json.beginObject().member("user_id", *id).member("role", word(user.role)).endObject();
  db::record(session, {.type = "user.registered",
                       .user_id = *id,
                       .subject = "user:" + std::to_string(*id),
                       .json = json.take()});
  return true;
}

std::vector<bool> UserImport::add(std::span<const ImportedUser> users) {
  return database_.transact([&](db::Session& session) {
    std::vector<bool> made;
    for (const ImportedUser& user : users) {
      made.push_back(insert(session, user));
    }
    return made;
  });
}

std::vector<bool> UserImport::wouldAdd(std::span<const ImportedUser> users) {
  return database_.read([&](db::Session& session) {
    std::vector<bool> absent;
    for (const ImportedUser& user : users) {
      absent.push_back(!findUserByEmail(session, user.email));
    }
    return absent;
  });
}

}  // namespace reeld::users
