#include "storage/blob_key.h"

#include "base/error.h"

#include <algorithm>

namespace reeld::storage {

namespace {

bool isKeyPart(std::string_view part) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !part.empty() && part != "." && part != ".." &&
         std::all_of(part.begin(), part.end(), allowed);
}

std::string checked(std::string key) {
  if (!isBlobKey(key)) {
    throw Error(ErrorCode::Internal, "\"" + key + "\" is no storage key");
  }
  return key;
}

std::string threeDigits(std::int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 3) {
    digits.insert(0, 3 - digits.size(), '0');
  }
  return digits;
}

/// All that one task writes of an encoding.
std::string leasePrefix(std::int64_t video_id, std::int64_t encoding_id,
                        std::string_view lease_token) {
  return videoPrefix(video_id) + "encodings/" + std::to_string(encoding_id) + "/" +
         std::string(lease_token) + "/";
}

}  // namespace

std::string videoPrefix(std::int64_t video_id) {
  return "videos/" + std::to_string(video_id) + "/";
}

std::string sourcePrefix(std::int64_t video_id) { return videoPrefix(video_id) + "sources/"; }

std::string sourceKey(std::int64_t video_id, std::string_view upload_token) {
  return checked(sourcePrefix(video_id) + std::string(upload_token));
}

std::string segmentKey(std::int64_t video_id, std::int64_t encoding_id,
                       std::string_view lease_token, std::string_view rendition,
                       std::int64_t number) {
  return checked(leasePrefix(video_id, encoding_id, lease_token) + std::string(rendition) + "/" +
                 segmentName(number));
}

std::string soundKey(std::int64_t video_id, std::int64_t encoding_id, std::string_view lease_token,
                     std::int64_t first_segment) {
  return checked(leasePrefix(video_id, encoding_id, lease_token) + "sound/part_" +
                 threeDigits(first_segment) + ".aac");
}

std::string subtitlesKey(std::int64_t video_id, std::int64_t encoding_id,
                         std::string_view lease_token, std::int64_t track) {
  return checked(leasePrefix(video_id, encoding_id, lease_token) + "subtitles/track_" +
                 threeDigits(track) + ".vtt");
}

std::string storyboardKey(std::int64_t video_id, std::int64_t encoding_id,
                          std::string_view lease_token, std::int64_t sheet) {
  return checked(leasePrefix(video_id, encoding_id, lease_token) + "storyboard/sheet_" +
                 threeDigits(sheet) + ".jpg");
}

bool isStoryboard(std::string_view key) noexcept {
  return key.find("/storyboard/") != std::string_view::npos;
}

std::string posterKey(std::int64_t video_id, std::string_view token) {
  return checked(videoPrefix(video_id) + "posters/" + std::string(token) + ".jpg");
}

std::string segmentName(std::int64_t number) { return "segment_" + threeDigits(number) + ".ts"; }

bool isBlobKey(std::string_view key) noexcept {
  if (key.empty() || key.size() > MaxKeyLength) {
    return false;
  }
  while (true) {
    const auto slash = key.find('/');
    if (!isKeyPart(key.substr(0, slash))) {
      return false;
    }
    if (slash == std::string_view::npos) {
      return true;
    }
    key.remove_prefix(slash + 1);
  }
}

}  // namespace reeld::storage
