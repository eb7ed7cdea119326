// E-mail addresses: is this one (syntax only), and when are two the same. An address is kept as
// typed and compared by its key, so Ann@Example.org and ann@example.org are one user, and so are
// q@bücher.example and q@xn--bcher-kva.example.
#pragma once
#include <string>
#include <string_view>

namespace reeld::users {

/// A sentence if this is no address we take, "" if it is one. RFC 5321 lengths, dot-atom local
/// part, letters beyond ASCII allowed; no quoted local parts, no address literals, nothing that
/// cannot be seen.
std::string_view emailFault(std::string_view address) noexcept;

/// The address case-folded and composed, its domain readable (base/domain_name.h); what the unique
/// key of users is made of. The key of a key is itself.
std::string emailKey(std::string_view address);

/// Whether mail to both surely comes to one mailbox: they differ in the case of ASCII letters and
/// in how the domain is written, and in nothing else. Two addresses with one key may be two
/// people's (the Kelvin sign folds to k), so nobody is taken for another by the key alone.
bool isSameMailbox(std::string_view one, std::string_view other);

/// The address as it travels: its domain in ASCII, which every mail server takes; as typed if it is
/// that already.
std::string mailAddress(std::string_view address);

}  // namespace reeld::users
