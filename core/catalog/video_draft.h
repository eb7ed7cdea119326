// What a person sets on a video, and the rules for it: the same at creation and at every update.
#pragma once
#include "base/error.h"
#include "catalog/category.h"
#include "catalog/tags.h"
#include "catalog/video.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld::catalog {

struct VideoDraft {
  std::string title;
  std::optional<std::string> description;
  std::string category{DefaultCategory};
  Tags tags;
  bool is_paid = false;
  std::optional<std::int64_t> price_minor;  ///< dropped on a free video
};

/// Changes to a draft; what is absent stays.
struct VideoChange {
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> category;
  std::optional<Tags> tags;  ///< all of them
  std::optional<bool> is_paid;
  bool sets_price = false;  ///< price_minor was named, if only as null
  std::optional<std::int64_t> price_minor;
};

VideoDraft draftOf(const Video& video);
VideoDraft changed(VideoDraft draft, const VideoChange& change);

/// Everything that is wrong with it, with pointers into the API's object.
std::vector<Violation> faults(const VideoDraft& draft);

/// The draft as it is stored: a free video has no price, a category is in lower case, tags are
/// tidied. Throws INVALID with all faults.
VideoDraft checked(VideoDraft draft);

}  // namespace reeld::catalog
