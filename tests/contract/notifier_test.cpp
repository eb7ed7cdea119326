// reeld.notifier/1 of every bundled notifier: what none of them may take.
#include "notifier_held.h"

using namespace reeld;
using namespace reeld::test;

TEST_CASE("a notifier does not take what is no mail") {
  for (const std::string& name : NotifierHeld::names()) {
    CAPTURE(name);
    NotifierHeld held(name);
    REQUIRE(held.status == REELD_OK);
    HeldNotice notice;
    notice.channel = "telegram";
    CHECK(held.send(notice) == REELD_UNSUPPORTED);
    CHECK_FALSE(held.said.empty());
  }
}
