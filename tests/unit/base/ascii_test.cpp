#include "base/ascii.h"

#include "catch.h"

using reeld::unpadded;

TEST_CASE("spaces and tabs around a text are no part of it, and what is left lies within it") {
  CHECK(unpadded(" \t a b\t ") == "a b");
  CHECK(unpadded("a") == "a");
  CHECK(unpadded("\r a\v") == "\r a\v");
  const std::string_view blank = "\t  ";
  CHECK(unpadded(blank).empty());
  CHECK(unpadded(blank).data() >= blank.data());
  CHECK(unpadded(blank).data() <= blank.data() + blank.size());
}
