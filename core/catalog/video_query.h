// What a list of videos is asked for: who asks, what is wanted, in which order. Plain values;
// video_list.h answers.
#pragma once
#include "catalog/video.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::catalog {

/// Which videos a list may show: all of them, or READY ones plus those of one creator.
struct VideoFilter {
  bool all = false;
  std::optional<std::int64_t> also_of;
};

enum class VideoOrder { Created, Updated, Title };

struct VideoQuery {
  std::string words;  ///< each must be in title or description; from three bytes on its beginning
  std::optional<std::string> category;
  std::optional<std::string> tag;
  std::optional<VideoState> state;
  std::optional<std::int64_t> creator_id;
  std::optional<bool> is_paid;
  bool deleted = false;  ///< those alone that are deleted and not purged yet
  VideoOrder order = VideoOrder::Created;
  bool ascending = false;
};

/// The order as people write it: "title", or "-title" for the last one first. False for another
/// word, which changes nothing.
bool setOrder(VideoQuery& query, std::string_view word) noexcept;
inline constexpr std::string_view OrderWords =
    "created, updated or title, or one of them after a -";

}  // namespace reeld::catalog
