#include "api/media_answers.h"

#include "base/error.h"

#include <charconv>

namespace reeld::api {

void nothingHere() { throw Error(ErrorCode::NotFound, "there is nothing at this path"); }

std::int64_t pathNumber(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number < 1) {
    nothingHere();
  }
  return number;
}

http::Response playlistAnswer(const playback::Media& media, std::string_view name,
                              const http::SharedText& text, const char* cache_control) {
  http::Response response;
  response.content_type = PlaylistType;
  response.body = text;
  // A playlist only ever grows, so its size tells one state from the next.
  response.header("ETag", "\"" + std::to_string(media.encoding_id) + "-" + std::string(name) + "-" +
                              std::to_string(text->size()) + "\"");
  response.header("Cache-Control", cache_control);
  return response;
}

std::optional<http::Response> segmentAnswer(MediaFiles& files, const std::string& key, Reach reach,
                                            const char* content_type, const char* cache_control) {
  auto file = files.find(key);
  if (!file && reach == Reach::Storage) {
    file = files.loadIfThere(key);
  }
  if (!file) {
    return std::nullopt;
  }
  auto response = http::Response::file(std::move(file), content_type);
  response.header("Cache-Control", cache_control);
  return response;
}

}  // namespace reeld::api
