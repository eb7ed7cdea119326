// AAC packets as a file: each with the seven bytes of an ADTS header in front (ISO/IEC 13818-7,
// 6.2), so that any player can listen to a part. Knows the one kind of sound that is made here:
// LC, stereo, 48 kHz. Pure.
#pragma once
#include "libav.h"

#include <cstdint>
#include <span>
#include <vector>

namespace reeld::libav {

/// Samples in a packet.
inline constexpr std::int64_t AacSamples = 1024;

std::vector<std::uint8_t> toAdts(const std::vector<const AVPacket*>& packets);

/// The packets again, headers included (the TS muxer takes them so), the first beginning at
/// `first_pts`, in samples. Throws CORRUPT for bytes that are no such file.
std::vector<PacketPtr> fromAdts(std::span<const std::uint8_t> bytes, std::int64_t first_pts);

}  // namespace reeld::libav
