#include "plugin/start_order.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld::plugin;
using Indexes = std::vector<std::size_t>;

TEST_CASE("instances start in configured order where nothing else is asked for") {
  CHECK(startOrder({{"x", "org.x", {}}, {"y", "org.y", {}}, {"z", "org.z", {}}}) ==
        Indexes{0, 1, 2});
}

TEST_CASE("a plugin starts after the ids it names, and an absent one is no condition") {
  CHECK(startOrder({{"x", "org.x", {"org.z", "org.absent"}},
                    {"y", "org.y", {}},
                    {"z", "org.z", {"org.y"}}}) == Indexes{1, 2, 0});
}

TEST_CASE("two instances of one plugin do not wait for each other") {
  CHECK(startOrder({{"x", "org.x", {"org.x"}}, {"x2", "org.x", {"org.x"}}}) == Indexes{0, 1});
}

TEST_CASE("a cycle is an error that names its members") {
  try {
    startOrder({{"free", "org.free", {}}, {"x", "org.x", {"org.y"}}, {"y", "org.y", {"org.x"}}});
    FAIL("no error");
  } catch (const reeld::Error& error) {
    CHECK(error.code() == reeld::ErrorCode::Invalid);
    CHECK_THAT(error.what(), StartsWith("plugins wait for each other: \"x\" (org.x) after \"y\" "
                                        "(org.y) after \"x\"\n       -> "));
  }
}
