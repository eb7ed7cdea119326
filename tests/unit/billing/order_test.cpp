// The states of an order, as a table, and shares that add up whatever the price and the rate.
#include "billing/order.h"

#include "billing/split.h"
#include "catch.h"

#include <array>
#include <limits>
#include <random>

using namespace reeld::billing;

namespace {

__extension__ using Wide = __int128;

constexpr std::array States = {OrderState::Pending, OrderState::Paid,     OrderState::Failed,
                               OrderState::Expired, OrderState::Refunded, OrderState::Disputed};
constexpr std::array Events = {OrderEvent::Paid, OrderEvent::Failed, OrderEvent::TimeOut,
                               OrderEvent::Refunded, OrderEvent::Disputed};

struct Row {
  OrderState from;
  OrderEvent event;
  OrderState to;
};
using State = OrderState;
using Event = OrderEvent;
constexpr std::array Rows = {
    Row{State::Pending, Event::Paid, State::Paid},
    Row{State::Pending, Event::Failed, State::Failed},
    Row{State::Pending, Event::TimeOut, State::Expired},
    Row{State::Failed, Event::Paid, State::Paid},
    Row{State::Expired, Event::Paid, State::Paid},
    Row{State::Paid, Event::Refunded, State::Refunded},
    Row{State::Paid, Event::Disputed, State::Disputed},
    Row{State::Disputed, Event::Paid, State::Paid},
    Row{State::Disputed, Event::Refunded, State::Refunded},
};

}  // namespace

TEST_CASE("an order moves along the edges of its table and no others") {
  int edges = 0;
  for (const OrderState from : States) {
    for (const OrderEvent event : Events) {
      std::optional<OrderState> wanted;
      for (const Row& row : Rows) {
        if (row.from == from && row.event == event) {
          wanted = row.to;
        }
      }
      CHECK(next(from, event) == wanted);
      edges += wanted ? 1 : 0;
    }
  }
  CHECK(edges == static_cast<int>(Rows.size()));
  CHECK_FALSE(next(State::Refunded, Event::Paid));
}

TEST_CASE("every state of an order has a word that reads back") {
  for (const OrderState state : States) {
    CHECK(parseOrderState(word(state)) == state);
  }
  CHECK_FALSE(parseOrderState("PAID"));
  CHECK_FALSE(parseOrderState(""));
}

TEST_CASE("shares add up to the price for every price and rate") {
  std::mt19937_64 random(20261129);
  std::uniform_int_distribution<std::int64_t> prices(0, 99'999'999);
  std::uniform_int_distribution<std::int64_t> rates(0, AllBp);
  const auto hold = [](std::int64_t price, std::int64_t rate) {
    const Shares shares = split(price, rate);
    INFO(price << " at " << rate);
    REQUIRE(shares.creator_minor + shares.platform_minor == price);
    REQUIRE(shares.creator_minor >= 0);
    REQUIRE(shares.platform_minor >= 0);
    // Rounded down, in 128 bits.
    REQUIRE(shares.platform_minor ==
            static_cast<std::int64_t>(static_cast<Wide>(price) * (AllBp - rate) / AllBp));
  };
  for (int i = 0; i < 200'000; ++i) {
    hold(prices(random), rates(random));
  }
  for (const std::int64_t price :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{4}, std::int64_t{5},
        std::int64_t{99'999'999}, std::numeric_limits<std::int64_t>::max()}) {
    for (const std::int64_t rate : {0L, 1L, 7999L, 8000L, 9999L, 10'000L}) {
      hold(price, rate);
    }
  }
  CHECK(split(999, 8000).creator_minor == 800);
  CHECK(split(1, 8000).platform_minor == 0);
}

TEST_CASE("money is printed exactly, whatever its sign and size") {
  CHECK(printMoney(0) == "0");
  CHECK(printMoney(999) == "9.99");
  CHECK(printMoney(-50) == "-0.5");
  CHECK(printMoney(1) == "0.01");
  CHECK(printMoney(1'000'000'000'000) == "10000000000");
}
