// What a category is called: a slug, because it becomes part of URLs, headings and element ids of
// the pages. Free ones are welcome beside the nine that the Videoflix pages know.
#pragma once
#include <string>
#include <string_view>

namespace reeld::catalog {

inline constexpr std::string_view DefaultCategory = "miscellaneous";

/// Letters in lower case, as a category is stored and asked for.
std::string categorySlug(std::string_view text);

/// 1 to 50 of a-z, 0-9, - and _, with a letter or digit at both ends.
bool isCategory(std::string_view slug) noexcept;

}  // namespace reeld::catalog
