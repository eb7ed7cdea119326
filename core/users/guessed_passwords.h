// The passwords of at least eight characters that guessers try first.
#pragma once
#include <string_view>

namespace reeld::users {

/// `folded` is in lower case.
bool isGuessedFirst(std::string_view folded) noexcept;

}  // namespace reeld::users
