// How much room an upload reserves, and for how long: pure sums. A known length is reserved at
// once, an unknown one in steps.
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <optional>

namespace reeld::upload {

inline constexpr std::uint64_t ReservationStep = std::uint64_t{16} << 20;
/// A row that was not renewed for so long belongs to a daemon that is gone.
inline constexpr EpochMs ReservationLife = 30 * 60'000;
inline constexpr EpochMs ReservationRenewal = ReservationLife / 6;

/// Throws INVALID (reason too-large) for a length beyond `most`.
std::uint64_t firstReservation(std::optional<std::uint64_t> length, std::uint64_t most);

/// The reservation that covers `needed` bytes: whole steps, but no more than `most`. Throws as
/// above.
std::uint64_t nextReservation(std::uint64_t needed, std::uint64_t most);

}  // namespace reeld::upload
