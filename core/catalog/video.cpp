#include "catalog/video.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reeld::catalog {

namespace {

constexpr std::array<std::pair<VideoState, std::string_view>, 4> Words = {
    {{VideoState::Uploaded, "UPLOADED"},
     {VideoState::Processing, "PROCESSING"},
     {VideoState::Ready, "READY"},
     {VideoState::Failed, "FAILED"}}};

constexpr std::array<std::pair<VideoState, VideoState>, 4> Edges = {
    {{VideoState::Uploaded, VideoState::Processing},  // a source arrived
     {VideoState::Processing, VideoState::Ready},     // verified
     {VideoState::Processing, VideoState::Failed},    // nothing more can be done with this source
     {VideoState::Failed, VideoState::Processing}}};  // tried again, or another source arrived

}  // namespace

std::string_view word(VideoState state) noexcept {
  for (const auto& [candidate, text] : Words) {
    if (candidate == state) {
      return text;
    }
  }
  return "FAILED";
}

std::optional<VideoState> parseVideoState(std::string_view word) noexcept {
  for (const auto& [state, text] : Words) {
    if (text == word) {
      return state;
    }
  }
  return std::nullopt;
}

bool canMove(VideoState from, VideoState to) noexcept {
  return std::find(Edges.begin(), Edges.end(), std::pair{from, to}) != Edges.end();
}

}  // namespace reeld::catalog
