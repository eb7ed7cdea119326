#include "api/blank_poster.h"

#include "base/crypto.h"

namespace reeld::api {

namespace {

// Made by: ffmpeg -f lavfi -i color=0x2a2a2a:size=32x18 -frames:v 1 -pix_fmt yuvj420p
//   -huffman optimal -bitexact blank.jpg
constexpr std::string_view Blank =
    "_9j_4AAQSkZJRgABAgAAAQABAAD_2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgHBwcGBgcHCAgI"
    "CAkJCQgICAgJCQoKCgwMCwsODg4RERT_xABLAAEBAAAAAAAAAAAAAAAAAAAABwEBAAAAAAAAAAAAAAAAAAAAABAB"
    "AAAAAAAAAAAAAAAAAAAAABEBAAAAAAAAAAAAAAAAAAAAAP_AABEIABIAIAMBIgACEQADEQD_2gAMAwEAAhEDEQA_"
    "AJSAAAAAAAD_2Q";

}  // namespace

http::SharedText blankPoster() {
  return std::make_shared<const std::string>(fromBase64Url(Blank).value_or(""));
}

}  // namespace reeld::api
