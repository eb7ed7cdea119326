// Holding a password against a record, whichever way its accents were typed: records are made of
// the composed form (NFC), but one that was moved here from elsewhere may be of the bytes as sent.
#pragma once
#include "base/secret.h"
#include "users/identity_provider.h"

#include <string>

namespace reeld::users {

/// The form that records are made of.
Secret composedPassword(const Secret& password);

/// The verdict of a provider that keeps records. With Ok, a new record is to be kept instead of the
/// one there is. How long it takes depends on the password alone, not on the record's being right.
RecordVerdict checkPassword(IdentityProvider& provider, const std::string& record,
                            const Secret& password);

}  // namespace reeld::users
