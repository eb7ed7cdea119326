// main() of every unit test executable, and the listener that writes one line per test case to the
// file named by REELD_TEST_RESULTS, which is what tests/run counts: verdict, suite, name,
// milliseconds.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_RUNNER
#endif
#include "catch.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

#if __has_include(<catch2/catch_all.hpp>)
using ListenerBase = Catch::EventListenerBase;
#else
using ListenerBase = Catch::TestEventListenerBase;
#endif

class ResultsFile final : public ListenerBase {
 public:
  using ListenerBase::ListenerBase;

  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    ListenerBase::testCaseStarting(info);
    name_ = info.name;
    began_ = Clock::now();
  }
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    ListenerBase::testCaseEnded(stats);
    const char* path = std::getenv("REELD_TEST_RESULTS");
    if (path == nullptr) {
      return;
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
    std::ofstream(path, std::ios::app)
        << (stats.totals.assertions.allOk() ? "pass" : "fail") << '\t'
        << (std::getenv("REELD_TEST_SUITE") ? std::getenv("REELD_TEST_SUITE") : "unit") << '\t'
        << name_ << '\t' << took.count() << '\n';
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::string name_;
  Clock::time_point began_;
};

}  // namespace

CATCH_REGISTER_LISTENER(ResultsFile)

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
