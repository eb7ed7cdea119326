// The line before a payment provider: patient while it is quick, short while it is slow.
#include "plugin/adapters/charge_line.h"

#include "catch.h"

#include <atomic>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using reeld::plugin::adapters::ChargeLine;

namespace {

/// So many who come at once and stay for that long.
class Crowd {
 public:
  Crowd(ChargeLine& line, int people, std::chrono::milliseconds stay) {
    for (int i = 0; i < people; ++i) {
      threads_.emplace_back([this, &line, stay] {
        const ChargeLine::Turn turn(line);
        (turn.came() ? came : sent_away) += 1;
        if (turn.came()) {
          std::this_thread::sleep_for(stay);
        }
      });
    }
  }
  void wait() { threads_.clear(); }

  std::atomic<int> came = 0;
  std::atomic<int> sent_away = 0;

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace

TEST_CASE("a crowd before a quick provider waits its turn") {
  ChargeLine line(2, 10s);
  Crowd crowd(line, 20, 5ms);
  crowd.wait();
  CHECK(crowd.came == 20);
  CHECK_FALSE(line.isFull());
}

TEST_CASE(
    "before a slow provider the line is short, and whoever comes later is sent away at once") {
  ChargeLine line(2, 30s);
  Crowd crowd(line, 20, 3s);
  while (crowd.sent_away < 16) {
    std::this_thread::sleep_for(10ms);
  }
  CHECK(line.isFull());
  const auto began = std::chrono::steady_clock::now();
  CHECK_FALSE(ChargeLine::Turn(line).came());
  CHECK(std::chrono::steady_clock::now() - began < 400ms);
  crowd.wait();
  CHECK(crowd.came == 4);
  CHECK(ChargeLine::Turn(line).came());
}
