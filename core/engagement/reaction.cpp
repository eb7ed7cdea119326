#include "engagement/reaction.h"

namespace reeld::engagement {

std::string_view word(Reaction reaction) noexcept {
  return reaction == Reaction::Like ? "LIKE" : "DISLIKE";
}

std::optional<Reaction> parseReaction(std::string_view text) noexcept {
  for (const Reaction reaction : {Reaction::Like, Reaction::Dislike}) {
    if (text == word(reaction)) {
      return reaction;
    }
  }
  return std::nullopt;
}

}  // namespace reeld::engagement
