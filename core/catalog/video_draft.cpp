#include "catalog/video_draft.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "catalog/price.h"

namespace reeld::catalog {

namespace {

constexpr std::size_t LongestTitle = 300;
constexpr std::size_t LongestDescription = 20'000;

void checkText(std::vector<Violation>& violations, const char* pointer, std::string_view text,
               std::size_t least, std::size_t most) {
  const auto length = utf8Length(text);
  if (!length || text.find('\0') != std::string_view::npos) {
    violations.push_back({pointer, "must be UTF-8 without NUL"});
  } else if (*length < least) {
    violations.push_back({pointer, "must not be empty"});
  } else if (*length > most) {
    violations.push_back({pointer, "must have at most " + std::to_string(most) + " characters"});
  }
}

}  // namespace

VideoDraft draftOf(const Video& video) {
  return {.title = video.title,
          .description = video.description,
          .category = video.category,
          .tags = parseTags(video.tags_json),
          .is_paid = video.is_paid,
          .price_minor = video.price_minor};
}

VideoDraft changed(VideoDraft draft, const VideoChange& change) {
  draft.title = change.title.value_or(draft.title);
  if (change.description) {
    draft.description = change.description;
  }
  draft.category = change.category.value_or(draft.category);
  draft.tags = change.tags.value_or(draft.tags);
  draft.is_paid = change.is_paid.value_or(draft.is_paid);
  if (change.sets_price) {
    draft.price_minor = change.price_minor;
  }
  return draft;
}

std::vector<Violation> faults(const VideoDraft& draft) {
  std::vector<Violation> violations;
  checkText(violations, "/title", draft.title, 1, LongestTitle);
  // A card without a word on it could not even be clicked on purpose.
  if (violations.empty() && !isVisible(draft.title)) {
    violations.push_back({"/title", "must have a character that can be seen"});
  }
  checkText(violations, "/description", draft.description.value_or(""), 0, LongestDescription);
  if (!isCategory(categorySlug(draft.category))) {
    violations.push_back({"/category", "must have 1 to 50 of a-z, 0-9, - and _"});
  }
  checkTags(violations, tidied(draft.tags));
  if (draft.is_paid && !draft.price_minor) {
    violations.push_back({"/price", "a paid video needs a price"});
  } else if (draft.is_paid && (*draft.price_minor < 1 || *draft.price_minor > MaxPriceMinor)) {
    violations.push_back({"/price", "must be from 0.01 to 999999.99"});
  }
  return violations;
}

VideoDraft checked(VideoDraft draft) {
  if (auto violations = faults(draft); !violations.empty()) {
    throw Error(std::move(violations));
  }
  if (!draft.is_paid) {
    draft.price_minor.reset();
  }
  draft.category = categorySlug(draft.category);
  draft.tags = tidied(draft.tags);
  return draft;
}

}  // namespace reeld::catalog
