// What a password must be like before any provider sees it. How it is kept is the provider's
// business.
#pragma once
#include <string_view>

namespace reeld::users {

/// A sentence if this may not become the password of that address, "" if it may: UTF-8, 8 to 128
/// characters (composed ones: how a keyboard spells an accent does not matter), no NUL, no white
/// space around it (some pages cut that off, others do not), none that everybody tries first.
std::string_view passwordFault(std::string_view password, std::string_view email = {});

}  // namespace reeld::users
