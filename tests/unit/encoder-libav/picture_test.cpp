// Pictures: how they are turned, what filters they go through, how they are tagged, which one is
// the poster.
#include "picture.h"

#include "catch.h"
#include "graph_plan.h"
#include "orientation.h"
#include "poster.h"

#include <cstring>
#include <string>

extern "C" {
#include <libavutil/display.h>
}

using namespace reeld::libav;

namespace {

Orientation turned(double counter_clockwise, bool mirrored) {
  std::int32_t matrix[9];
  av_display_rotation_set(matrix, -counter_clockwise);
  av_display_matrix_flip(matrix, mirrored ? 1 : 0, 0);
  return orientationOf(matrix);
}

Picture fullHd() {
  Picture picture;
  picture.width = 1920;
  picture.height = 1080;
  picture.pixels = AV_PIX_FMT_YUV420P;
  return picture;
}

FramePtr plain(std::uint8_t luma, std::uint8_t other_half) {
  FramePtr frame = newFrame();
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = 64;
  frame->height = 64;
  REQUIRE(av_frame_get_buffer(frame.get(), 0) >= 0);
  for (int y = 0; y < 64; ++y) {
    std::memset(frame->data[0] + y * frame->linesize[0], y < 32 ? luma : other_half, 64);
  }
  return frame;
}

constexpr double Wide = 16.0 / 9;

}  // namespace

TEST_CASE("a display matrix is turned into a rotation and a mirroring") {
  CHECK(orientationOf(nullptr) == Orientation{});
  CHECK(turned(0, false) == Orientation{0, false});
  CHECK(turned(-90, false) == Orientation{90, false});
  CHECK(turned(180, false) == Orientation{180, false});
  CHECK(turned(90, false) == Orientation{270, false});
  CHECK(turned(0, true) == Orientation{0, true});
  CHECK(turned(-90, true) == Orientation{90, true});
  // The picture's axes swapped: a turn alone cannot do that.
  const std::int32_t transposed[9] = {0, 65536, 0, 65536, 0, 0, 0, 0, 1 << 30};
  CHECK(orientationOf(transposed) == Orientation{90, true});
  const std::int32_t nothing[9] = {};
  CHECK(orientationOf(nothing) == Orientation{});
}

TEST_CASE("a source that fits is neither scaled nor converted") {
  CHECK(planGraph(fullHd(), {}, Wide, {{1920, 1080}}) == "[in]format=yuv420p,setsar=1[r0]");
}

TEST_CASE("rungs are scaled one from the other") {
  CHECK(planGraph(fullHd(), {}, Wide, {{1920, 1080}, {1280, 720}, {854, 480}}) ==
        "[in]format=yuv420p,setsar=1,split=2[r0][c1];"
        "[c1]scale=1280:720:flags=bicubic,split=2[r1][c2];[c2]scale=854:480:flags=bicubic[r2]");
}

TEST_CASE("turning comes after scaling, with the sides swapped") {
  const std::string plan = planGraph(fullHd(), {90, true}, Wide, {{720, 1280}});
  CHECK(plan ==
        "[in]scale=1280:720:flags=bicubic,format=yuv420p,transpose=clock,hflip,setsar=1[r0]");
  CHECK_THAT(planGraph(fullHd(), {180, false}, Wide, {{1920, 1080}}),
             ContainsSubstring("hflip,vflip"));
  CHECK_THAT(planGraph(fullHd(), {270, false}, Wide, {{1080, 1920}}),
             ContainsSubstring("transpose=cclock"));
}

TEST_CASE("full range is converted once, at the first scale") {
  Picture picture = fullHd();
  picture.pixels = AV_PIX_FMT_YUVJ420P;
  const std::string plan = planGraph(picture, {}, Wide, {{1920, 1080}, {1280, 720}});
  CHECK_THAT(plan,
             ContainsSubstring("scale=1920:1080:flags=bicubic:in_range=full:out_range=limited"));
  CHECK(plan.find("range", plan.find("split")) == std::string::npos);
}

TEST_CASE(
    "high dynamic range is mapped after scaling down, saying what the muxer may have left out") {
  Picture picture = fullHd();
  picture.pixels = AV_PIX_FMT_YUV420P10;
  picture.transfer = AVCOL_TRC_ARIB_STD_B67;
  const std::string plan = planGraph(picture, {}, Wide, {{1280, 720}});
  CHECK(plan.find("scale=1280:720") < plan.find("zscale=tin=arib-std-b67"));
  CHECK_THAT(plan, ContainsSubstring("tonemap"));
  picture.transfer = AVCOL_TRC_SMPTE2084;
  CHECK_THAT(planGraph(picture, {}, Wide, {{1280, 720}}), ContainsSubstring("tin=smpte2084"));
}

TEST_CASE("interlaced pictures are deinterlaced first") {
  Picture picture = fullHd();
  picture.interlaced = true;
  CHECK_THAT(planGraph(picture, {}, Wide, {{1280, 720}}), StartsWith("[in]bwdif"));
}

TEST_CASE("a source that changes its shape keeps it within bars") {
  Picture square = fullHd();
  square.width = 1080;
  CHECK_THAT(planGraph(square, {}, Wide, {{1280, 720}}), ContainsSubstring("scale=720:720"));
  CHECK_THAT(planGraph(square, {}, Wide, {{1280, 720}}), ContainsSubstring("pad=1280:720"));
  Picture wider = fullHd();
  wider.height = 540;
  CHECK_THAT(planGraph(wider, {}, Wide, {{1280, 720}}), ContainsSubstring("scale=1280:360"));
}

TEST_CASE("colours that are not tagged are tagged by the source's size, for every rung alike") {
  CHECK(outputTags(fullHd()).matrix == AVCOL_SPC_BT709);
  Picture small = fullHd();
  small.width = 720;
  small.height = 576;
  CHECK(outputTags(small).matrix == AVCOL_SPC_SMPTE170M);
  CHECK(outputTags(small).primaries == AVCOL_PRI_BT470BG);
  small.matrix = AVCOL_SPC_BT709;
  CHECK(outputTags(small).matrix == AVCOL_SPC_BT709);
}

TEST_CASE("an unbelievable pixel shape is square") {
  CHECK(av_cmp_q(saneAspect({0, 1}), {1, 1}) == 0);
  CHECK(av_cmp_q(saneAspect({1000, 1}), {1, 1}) == 0);
  CHECK(av_cmp_q(saneAspect({64, 45}), {64, 45}) == 0);
}

TEST_CASE("the poster is neither black nor blank if anything else comes") {
  Poster poster({10, 1});
  CHECK_FALSE(poster.consider(*plain(16, 16), {0, 10}));
  CHECK_FALSE(poster.consider(*plain(60, 180), {10, 10}));
  CHECK_FALSE(poster.consider(*plain(16, 16), {20, 10}));
  REQUIRE(poster.best() != nullptr);
  CHECK(poster.best()->data[0][0] == 60);
  CHECK(poster.consider(*plain(61, 180), {30, 10}));
  CHECK(poster.best()->data[0][0] == 61);
}

TEST_CASE("a clip of one black frame has a poster") {
  Poster poster({25, 1});
  poster.consider(*plain(16, 16), {0, 1});
  CHECK(poster.best() != nullptr);
}
