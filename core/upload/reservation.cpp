#include "upload/reservation.h"

#include "base/error.h"

#include <algorithm>
#include <string>

namespace reeld::upload {

namespace {
void checkSize(std::uint64_t size, std::uint64_t most) {
  if (size > most) {
    throw Error(ErrorCode::Invalid, "the file is larger than " + std::to_string(most) + " bytes")
        .reason("too-large");
  }
}
}  // namespace

std::uint64_t firstReservation(std::optional<std::uint64_t> length, std::uint64_t most) {
  if (!length) {
    return std::min(ReservationStep, most);
  }
  checkSize(*length, most);
  return *length;
}

std::uint64_t nextReservation(std::uint64_t needed, std::uint64_t most) {
  checkSize(needed, most);
  const std::uint64_t steps = (needed + ReservationStep - 1) / ReservationStep;
  return std::min(steps * ReservationStep, most);
}

}  // namespace reeld::upload
