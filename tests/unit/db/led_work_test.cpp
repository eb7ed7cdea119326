// Work that one of several daemons does again and again.
#include "db/led_work.h"

#include "engines.h"

#include <semaphore>
#include <stdexcept>

using namespace reeld;
using namespace reeld::db;
using namespace reeld::test;

namespace {
constexpr std::chrono::seconds LeadPatience{30};

LedWork::Plan plan(std::chrono::seconds often, std::chrono::seconds after_failure) {
  return {.task = "test", .failure = "cannot", .often = often, .after_failure = after_failure};
}
}  // namespace

TEST_CASE("led work is done at once, sooner again after a failure, and not while another leads") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Sandbox sandbox(dialect);
      const auto database = sandbox.open();
      const auto beside = sandbox.open();
      std::counting_semaphore<> done(0);
      int tries = 0;
      LedWork work(*database, sandbox.log, plan(std::chrono::hours(1), std::chrono::seconds(0)),
                   [&] {
                     ++tries;
                     done.release();
                     if (tries == 1) {
                       throw std::runtime_error("the first time it fails");
                     }
                   });
      work.start();
      CHECK(done.try_acquire_for(LeadPatience));
      CHECK(done.try_acquire_for(LeadPatience));
      work.stop();
      CHECK(tries == 2);
      CHECK(work.stopping());

      const auto lead = beside->tryLead("test");
      REQUIRE(lead);
      std::atomic<int> led{0};
      {
        LedWork other(*database, sandbox.log,
                      plan(std::chrono::seconds(0), std::chrono::seconds(0)), [&] { ++led; });
        other.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      CHECK(led == 0);
    }
  }
}
