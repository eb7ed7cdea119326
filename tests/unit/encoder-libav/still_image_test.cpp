// A poster from a stranger's picture: what is read, how it is turned, and what is refused.
#include "still_image.h"

#include "catch.h"
#include "graph.h"
#include "jpeg.h"
#include "reeld/cpp/contain.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

using namespace reeld::libav;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// A file of these bytes, without a name.
class Made {
 public:
  explicit Made(const Bytes& bytes) : fd_(memfd_create("picture", MFD_CLOEXEC)) {
    REQUIRE(::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~Made() { close(fd_); }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

/// Dark on the left, bright on the right.
Bytes twoHalves(int width, int height) {
  const FramePtr frame = newFrame();
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = width;
  frame->height = height;
  REQUIRE(av_frame_get_buffer(frame.get(), 0) >= 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      frame->data[0][y * frame->linesize[0] + x] = x < width / 2 ? 40 : 210;
    }
  }
  for (const int plane : {1, 2}) {
    for (int y = 0; y < (height + 1) / 2; ++y) {
      std::fill_n(frame->data[plane] + std::ptrdiff_t{y} * frame->linesize[plane], (width + 1) / 2,
                  std::uint8_t{128});
    }
  }
  return encodeJpeg(*frame, width, height);
}

/// The same as a camera that was held otherwise would have written it.
Bytes heldAs(Bytes jpeg, std::uint8_t way) {
  const Bytes exif = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0,    0,    'M', 'M',
                      0,    42,   0, 0,  0,   8,   0,   1,   0x01, 0x12, 0,   3,
                      0,    0,    0, 1,  0,   way, 0,   0,   0,    0,    0,   0};
  jpeg.insert(jpeg.begin() + 2, exif.begin(), exif.end());
  return jpeg;
}

StillImage read(const Bytes& bytes) {
  const Made file(bytes);
  return readStillImage(file.fd(), 36'000'000);
}

Bytes poster(const Bytes& bytes, int most_side) {
  StillImage image = read(bytes);
  return uprightJpeg(image, most_side);
}

int lumaAt(const AVFrame& frame, int x, int y) { return frame.data[0][y * frame.linesize[0] + x]; }

std::string refusalOf(const Bytes& bytes) {
  try {
    read(bytes);
  } catch (const reeld::sdk::Failure& failure) {
    CHECK(failure.status() == REELD_INVALID);
    return failure.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a picture is made to fit, never enlarged, and keeps its shape") {
  const auto large = read(poster(twoHalves(640, 320), 160));
  CHECK(large.frame->width == 160);
  CHECK(large.frame->height == 80);
  const auto small = read(poster(twoHalves(64, 32), 160));
  CHECK(small.frame->width == 64);
  CHECK(small.frame->height == 32);
  CHECK(lumaAt(*small.frame, 8, 16) < 80);
  CHECK(lumaAt(*small.frame, 56, 16) > 170);
}

TEST_CASE("a picture of odd sides or a single pixel becomes one of even sides") {
  const auto odd = read(poster(twoHalves(31, 17), 160));
  CHECK(odd.frame->width % 2 == 0);
  CHECK(odd.frame->height % 2 == 0);
  CHECK(read(poster(twoHalves(1, 1), 160)).frame->width == 2);
}

TEST_CASE("a picture is turned as its camera was held") {
  struct Way {
    std::uint8_t exif;
    bool is_tall;
    bool begins_dark;  ///< at the left, or at the top
  };
  for (const Way& way :
       {Way{1, false, true}, Way{2, false, false}, Way{3, false, false}, Way{4, false, true},
        Way{5, true, true}, Way{6, true, true}, Way{7, true, false}, Way{8, true, false}}) {
    INFO("EXIF orientation " << int{way.exif});
    const auto made = read(poster(heldAs(twoHalves(64, 32), way.exif), 160));
    CHECK(made.frame->width == (way.is_tall ? 32 : 64));
    CHECK(made.frame->height == (way.is_tall ? 64 : 32));
    const int first = way.is_tall ? lumaAt(*made.frame, 16, 4) : lumaAt(*made.frame, 4, 16);
    CHECK((first < 128) == way.begins_dark);
  }
}

TEST_CASE("what is no picture, or a broken one, is refused with a sentence") {
  CHECK(refusalOf({}) == "the file is empty");
  CHECK(refusalOf({'<', 's', 'v', 'g'}) == "this is no JPEG, PNG or WebP picture");
  CHECK(refusalOf(Bytes(1000, 0)) == "this is no JPEG, PNG or WebP picture");
  Bytes jpeg = twoHalves(64, 32);
  Bytes head(jpeg.begin(), jpeg.begin() + 20);
  CHECK_FALSE(refusalOf(head).empty());
  Bytes garbage = {0xff, 0xd8, 0xff, 0xe0};
  garbage.resize(500, 7);
  CHECK_FALSE(refusalOf(garbage).empty());
}

TEST_CASE("a picture of too many pixels is refused, and it is said how many there may be") {
  const Made file(twoHalves(64, 32));
  try {
    readStillImage(file.fd(), 1000);
    FAIL("it was taken");
  } catch (const reeld::sdk::Failure& failure) {
    CHECK(failure.status() == REELD_INVALID);
    CHECK(
        std::string(failure.what()) ==
        "the picture is too large: it has 64 x 32 pixels; at most 1000 are taken, such as 31 x 31");
  }
  Bytes claims = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
  claims.resize(40, 0xff);
  CHECK_THAT(refusalOf(claims), ContainsSubstring("4294967295 x 4294967295 pixels"));
  CHECK(readStillImage(file.fd(), 64 * 32).frame->width == 64);
}
