// What a user thinks of a video: nothing, or one of two words.
#pragma once
#include <optional>
#include <string_view>

namespace reeld::engagement {

enum class Reaction { Like, Dislike };

/// "LIKE": the word in the database, in URLs and in events. Case matters.
std::string_view word(Reaction reaction) noexcept;
std::optional<Reaction> parseReaction(std::string_view word) noexcept;

}  // namespace reeld::engagement
