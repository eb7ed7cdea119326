// The rules of a draft are the same at creation and at update.
#include "catalog/video_draft.h"

#include "catch.h"

using namespace reeld;
using namespace reeld::catalog;

namespace {

VideoDraft draft() {
  VideoDraft draft;
  draft.title = "Big Buck Bunny";
  return draft;
}

std::string pointers(const VideoDraft& draft) {
  std::string all;
  for (const auto& violation : faults(draft)) {
    all += violation.pointer;
  }
  return all;
}

}  // namespace

TEST_CASE("a title has 1 to 300 characters, one of which can be seen, whatever they are") {
  auto video = draft();
  video.title = "";
  CHECK(pointers(video) == "/title");
  video.title = std::string(301, 'x');
  CHECK(pointers(video) == "/title");
  video.title.clear();
  for (int i = 0; i < 300; ++i) {
    video.title += "ä";
  }
  CHECK(pointers(video).empty());
  for (const std::string invisible :
       {" ", "\t\n", "\u00a0", "\u200b\u200b", " \u3164 ", "\u2800"}) {
    video.title = invisible;
    CHECK(pointers(video) == "/title");
    VideoChange change;
    change.title = invisible;
    CHECK_THROWS_AS(checked(changed(draft(), change)), Error);
  }
  for (const std::string visible : {"-", " . ", "\u200b!", "\U0001f600", "\u5927"}) {
    video.title = visible;
    CHECK(pointers(video).empty());
  }
  video.title = "<script>alert(\"&\")</script>";
  CHECK(checked(video).title == "<script>alert(\"&\")</script>");
}

TEST_CASE("NUL and broken UTF-8 are refused in every text") {
  auto video = draft();
  video.title = std::string("a\0b", 3);
  video.description = "\xc3";
  video.category = "\xed\xa0\x80";
  CHECK(pointers(video) == "/title/description/category");
}

TEST_CASE("a category is a slug of at most 50 characters, stored in lower case") {
  auto video = draft();
  for (const std::string good : {"drama", "Drama", "b", "3d", "sci-fi", "a_b", "x--y"}) {
    video.category = good;
    CHECK(pointers(video).empty());
  }
  video.category = std::string(50, 'x');
  CHECK(pointers(video).empty());
  for (const std::string bad :
       {"", " ", "sci fi", "-drama", "drama_", "dräma", "a/b", "<b>", "a.b", "a\n"}) {
    video.category = bad;
    CHECK(pointers(video) == "/category");
  }
  video.category = std::string(51, 'x');
  CHECK(pointers(video) == "/category");
  video.category = "Sci-FI";
  CHECK(checked(video).category == "sci-fi");
}

TEST_CASE("a paid video needs a price within the limits") {
  auto video = draft();
  video.is_paid = true;
  CHECK(pointers(video) == "/price");
  for (const std::int64_t price : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{100'000'000}}) {
    video.price_minor = price;
    CHECK(pointers(video) == "/price");
  }
  for (const std::int64_t price : {std::int64_t{1}, std::int64_t{99'999'999}}) {
    video.price_minor = price;
    CHECK(pointers(video).empty());
  }
}

TEST_CASE("a free video has no price") {
  auto video = draft();
  video.price_minor = 500;
  CHECK_FALSE(checked(video).price_minor);
}

TEST_CASE("all faults are told at once") {
  VideoDraft video;
  video.is_paid = true;
  video.category = "";
  CHECK(pointers(video) == "/title/category/price");
  CHECK_THROWS_AS(checked(video), Error);
}

TEST_CASE("a change leaves alone what it does not name") {
  auto before = draft();
  before.description = "A rabbit";
  before.is_paid = true;
  before.price_minor = 999;
  const auto after = changed(before, {.title = "BBB",
                                      .description = std::nullopt,
                                      .category = std::nullopt,
                                      .tags = std::nullopt,
                                      .is_paid = std::nullopt,
                                      .sets_price = false,
                                      .price_minor = std::nullopt});
  CHECK(after.title == "BBB");
  CHECK(after.description == "A rabbit");
  CHECK(after.price_minor == 999);
}

TEST_CASE("a price set to nothing on a paid video is a fault at update too") {
  auto before = draft();
  before.is_paid = true;
  before.price_minor = 999;
  VideoChange change;
  change.sets_price = true;
  CHECK(pointers(changed(before, change)) == "/price");
  change.is_paid = false;
  CHECK(pointers(changed(before, change)).empty());
}
