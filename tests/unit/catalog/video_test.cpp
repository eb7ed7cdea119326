// The life cycle of a video as a table.
#include "catalog/video.h"

#include "catch.h"

#include <array>

using namespace reeld::catalog;

namespace {
constexpr std::array States = {VideoState::Uploaded, VideoState::Processing, VideoState::Ready,
                               VideoState::Failed};
}

TEST_CASE("a video moves along the edges of its life cycle only") {
  //                          to: UPLOADED PROCESSING READY  FAILED
  constexpr bool Expected[4][4] = {{false, true, false, false},
                                   {false, false, true, true},
                                   {false, false, false, false},
                                   {false, true, false, false}};
  for (std::size_t from = 0; from < 4; ++from) {
    for (std::size_t to = 0; to < 4; ++to) {
      INFO(word(States[from]) << " -> " << word(States[to]));
      CHECK(canMove(States[from], States[to]) == Expected[from][to]);
    }
  }
}

TEST_CASE("states are read as they are written") {
  for (const auto state : States) {
    CHECK(parseVideoState(word(state)) == state);
  }
  CHECK_FALSE(parseVideoState("ready"));
  CHECK_FALSE(parseVideoState(""));
}

TEST_CASE("a video is playable as soon as an encoding is published") {
  Video video;
  CHECK_FALSE(video.playable());
  video.state = VideoState::Processing;
  video.current_encoding = 3;
  CHECK(video.playable());
}
