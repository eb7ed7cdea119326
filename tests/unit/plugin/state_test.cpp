// The life of an instance: which steps can be taken from where.
#include "plugin/state.h"

#include "catch.h"
#include "plugin/breaker.h"
#include "plugin/call_stats.h"

using namespace reeld::plugin;

TEST_CASE("a plugin goes its way from listed to destroyed") {
  State state = State::Listed;
  for (const Step step : {Step::Probe, Step::Open, Step::Create, Step::Start, Step::Suspend,
                          Step::Resume, Step::Stop, Step::Destroy}) {
    const auto reached = next(state, step);
    REQUIRE(reached);
    state = *reached;
  }
  CHECK(state == State::Destroyed);
}

TEST_CASE("an instance fails before it is started and never afterwards") {
  for (const State state : {State::Listed, State::Probed, State::Opened, State::Created}) {
    CHECK(next(state, Step::Fail) == State::Failed);
  }
  for (const State state :
       {State::Started, State::Suspended, State::Stopped, State::Destroyed, State::Failed}) {
    CHECK_FALSE(next(state, Step::Fail));
  }
}

TEST_CASE("nothing leads out of failed or destroyed") {
  for (const State state : {State::Failed, State::Destroyed}) {
    for (int step = 0; step <= static_cast<int>(Step::Fail); ++step) {
      CHECK_FALSE(next(state, static_cast<Step>(step)));
    }
  }
}

TEST_CASE("a breaker opens at the limit of late calls in a row, once") {
  Breaker breaker(3);
  CHECK_FALSE(breaker.record(true));
  CHECK_FALSE(breaker.record(true));
  CHECK_FALSE(breaker.record(false));  // one in time starts the count again
  CHECK_FALSE(breaker.record(true));
  CHECK_FALSE(breaker.record(true));
  CHECK(breaker.record(true));
  CHECK_FALSE(breaker.record(true));
  breaker.reset();
  CHECK_FALSE(breaker.record(true));
}

TEST_CASE("the 99th percentile ignores one slow call of a hundred") {
  CallStats stats;
  CHECK(stats.p99Microseconds() == 0);
  for (int i = 0; i < 199; ++i) {
    stats.record(100, i % 10 == 0);
  }
  stats.record(5'000'000, false);
  CHECK(stats.p99Microseconds() == 128);
  CHECK(stats.calls() == 200);
  CHECK(stats.errors() == 20);
}
