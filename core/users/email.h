// E-mail addresses: is this one (syntax only), and when are two the same. An address is kept as
// typed and compared by its key, so Ann@Example.org and ann@example.org are one user.
#pragma once
#include <string>
#include <string_view>

namespace reeld::users {

/// A sentence if this is no address we take, "" if it is one. RFC 5321 lengths, dot-atom local
/// part, letters beyond ASCII allowed; no quoted local parts, no address literals.
std::string_view emailFault(std::string_view address) noexcept;

/// The address case-folded and composed; what the unique key of users is made of.
std::string emailKey(std::string_view address);

}  // namespace reeld::users
