// Holding a password against a record, whichever way it was typed: records are made of the composed
// form (NFC) without white space around it, but one that was moved here from elsewhere, or is older
// than that rule, may be of the bytes as sent.
#pragma once
#include "base/secret.h"
#include "users/identity_provider.h"

#include <string>
#include <vector>

namespace reeld::users {

/// The form that records are made of.
Secret composedPassword(const Secret& password);

/// What may be meant by what was sent, each once: that itself, and that without the white space
/// around it, which comes last. A provider that keeps its own records is asked for one after the
/// other.
std::vector<Secret> readingsOf(const Secret& password);

/// The verdict of a provider that keeps records. With Ok, a new record is to be kept instead of the
/// one there is. One hash, and a second one for a password that is sent otherwise than records are
/// made; how long it takes depends on the password alone, not on the record's being right.
RecordVerdict checkPassword(IdentityProvider& provider, const std::string& record,
                            const Secret& password);

}  // namespace reeld::users
