// Records that other systems made: bcrypt ($2b$, and its equals $2a$ and $2y$) and Django's
// pbkdf2_sha256. They are verified, never made: who signs in with one gets an Argon2id record.
#pragma once
#include <string_view>

namespace auth_password {

/// Whether it is one, by its form alone.
bool isForeign(std::string_view record);

/// PartMatch: what the record looks at is right, and the secret goes on. It lets in, as it did
/// where the record is from, but nobody knows whether the rest was typed as it was meant.
enum class ForeignVerdict { Match, PartMatch, Mismatch, NotOurs };

/// NotOurs for any other form, and for a cost that no sane system asks for. The secret has no NUL
/// and is not empty. bcrypt itself looks at the first 72 bytes of a secret.
ForeignVerdict verifyForeign(std::string_view record, std::string_view secret);

}  // namespace auth_password
