// The sums of reservations.
#include "upload/reservation.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::upload;

namespace {
constexpr std::uint64_t Most = std::uint64_t{1} << 30;
}

TEST_CASE("a known length is reserved as it is") {
  CHECK(firstReservation(0, Most) == 0);
  CHECK(firstReservation(12'345, Most) == 12'345);
  CHECK(firstReservation(Most, Most) == Most);
}

TEST_CASE("a file beyond the limit is refused by its length") {
  try {
    firstReservation(Most + 1, Most);
    FAIL("was taken");
  } catch (const Error& error) {
    CHECK(error.reason() == "too-large");
  }
}

TEST_CASE("an unknown length is reserved in steps, up to the limit") {
  CHECK(firstReservation(std::nullopt, Most) == ReservationStep);
  CHECK(firstReservation(std::nullopt, 100) == 100);
  CHECK(nextReservation(1, Most) == ReservationStep);
  CHECK(nextReservation(ReservationStep, Most) == ReservationStep);
  CHECK(nextReservation(ReservationStep + 1, Most) == 2 * ReservationStep);
  CHECK(nextReservation(Most, Most) == Most);
  CHECK(nextReservation(ReservationStep + 1, ReservationStep + 5) == ReservationStep + 5);
  CHECK_THROWS_AS(nextReservation(Most + 1, Most), Error);
}
