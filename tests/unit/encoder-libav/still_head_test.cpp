// What the first bytes of a picture say, whole, cut and hostile ones.
#include "still_head.h"

#include "catch.h"

#include <string>
#include <vector>

using namespace reeld::libav;
using namespace std::string_literals;

namespace {

std::string headOf(const std::string& bytes) {
  const auto head =
      readStillHead({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return head ? std::string(head->decoder) + " " + std::to_string(head->width) + "x" +
                    std::to_string(head->height)
              : "nothing";
}

const std::string Png = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"s;
const std::string Jpeg = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"s;

}  // namespace

TEST_CASE("each kind of picture says its size") {
  CHECK(headOf(Png + "\0\0\x2e\xe0\0\0\x2e\xe1"s) == "png 12000x12001");
  CHECK(headOf(Png + "\xff\xff\xff\xff\xff\xff\xff\xff"s) == "png 4294967295x4294967295");
  CHECK(headOf(Jpeg + "\xff\xc0\0\x11\x08\x01\x02\x03\x04\3"s) == "mjpeg 772x258");
  CHECK(headOf(Jpeg + "\xff\xff\xff\xc2\0\x11\x08\xff\xff\xff\xfe\3"s) == "mjpeg 65534x65535");
  // A table of Huffman codes is no frame, though its marker lies between those of frames.
  CHECK(headOf(Jpeg + "\xff\xc4\0\x04\x01\x02\xff\xc1\0\x11\x08\0\x02\0\x03\3"s) == "mjpeg 3x2");
  CHECK(headOf("RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x01\0\xff\xff\xff"s) ==
        "webp 512x16777216");
  CHECK(headOf("RIFF\x10\0\0\0WEBPVP8L\x0a\0\0\0\x2f\xff\xff\xff\x0f and more"s) ==
        "webp 16384x16384");
  CHECK(headOf("RIFF\x10\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x40\x06\xe8\x43"s) ==
        "webp 1600x1000");
}

TEST_CASE("what is cut or lies about its lengths says no size, and what is no picture nothing") {
  for (const std::string& whole :
       {Png + "\0\0\x2e\xe0\0\0\x2e\xe1"s, Jpeg + "\xff\xc0\0\x11\x08\x01\x02\x03\x04"s}) {
    for (std::size_t size = 8; size < whole.size() - 3; ++size) {
      const std::string cut = headOf(whole.substr(0, size));
      INFO(size << " " << cut);
      CHECK((cut.ends_with("x0") || cut.find(" 0x") != std::string::npos));
    }
  }
  CHECK(headOf(Jpeg + "\xff\xe1\xff\xff"s) == "mjpeg 0x0");
  CHECK(headOf(Jpeg + "\xff\xe1\0\0\xff\xe1\0\0"s) == "mjpeg 0x0");
  CHECK(headOf(Jpeg + "\xff\xda\0\x02\xff\xc0\0\x11\x08\x01\x02\x03\x04\3"s) == "mjpeg 0x0");
  CHECK(headOf(Jpeg + "no marker here") == "mjpeg 0x0");
  CHECK(headOf("RIFF\x10\0\0\0WEBPICCP\0\0\0\0 an odd file"s) == "webp 0x0");
  CHECK(headOf("RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x01\0\xff\xff"s) == "webp 0x0");
  for (const std::string& other :
       {""s, "\xff\xd8"s, "\x89PNG"s, "RIFF\0\0\0\0WAVEfmt "s, "GIF89a"s, "<svg/>"s}) {
    CHECK(headOf(other) == "nothing");
  }
}
