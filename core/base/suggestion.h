// "Did you mean ...?": the candidate nearest to a mistyped word.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// Inserted, removed, changed or swapped neighbouring letters between the two words.
std::size_t editDistance(std::string_view a, std::string_view b);

/// The nearest candidate if it is near enough to be meant (a third of the word, at least one
/// letter); empty otherwise.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

/// ` (did you mean "listen"?)`, or empty.
std::string didYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace reeld
