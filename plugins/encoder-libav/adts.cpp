// See adts.h.
#include "adts.h"

#include <cstddef>
#include <cstring>

namespace reeld::libav {
namespace {

constexpr std::size_t HeaderBytes = 7;
constexpr std::size_t MostFrameBytes = (1 << 13) - 1;

std::uint8_t byteOf(std::size_t value) { return static_cast<std::uint8_t>(value & 0xff); }

void addHeader(std::vector<std::uint8_t>& bytes, std::size_t payload) {
  const std::size_t size = payload + HeaderBytes;
  if (size > MostFrameBytes) {
    throw Failure(REELD_INTERNAL, "a packet of sound is too large for ADTS");
  }
  // Sync, no checksum; LC, 48 kHz (3), two channels; the size; a buffer of any fullness, one block.
  const std::uint8_t header[HeaderBytes] = {0xff,
                                            0xf1,
                                            0x4c,
                                            byteOf(0x80 | size >> 11),
                                            byteOf(size >> 3),
                                            byteOf((size & 7) << 5 | 0x1f),
                                            0xfc};
  bytes.insert(bytes.end(), header, header + HeaderBytes);
}

// The size of the packet at the front, header included.
std::size_t sizeOfFirst(std::span<const std::uint8_t> bytes) {
  const bool is_header = bytes.size() > HeaderBytes && bytes[0] == 0xff && bytes[1] == 0xf1;
  const std::size_t size =
      is_header ? (bytes[3] & 3U) << 11 | std::size_t{bytes[4]} << 3 | bytes[5] >> 5 : 0;
  if (size <= HeaderBytes || size > bytes.size()) {
    throw Failure(REELD_CORRUPT, "the sound that was made for these segments is damaged");
  }
  return size;
}

}  // namespace

std::vector<std::uint8_t> toAdts(const std::vector<const AVPacket*>& packets) {
  std::vector<std::uint8_t> bytes;
  for (const AVPacket* packet : packets) {
    addHeader(bytes, static_cast<std::size_t>(packet->size));
    bytes.insert(bytes.end(), packet->data, packet->data + packet->size);
  }
  return bytes;
}

std::vector<PacketPtr> fromAdts(std::span<const std::uint8_t> bytes, std::int64_t first_pts) {
  std::vector<PacketPtr> packets;
  while (!bytes.empty()) {
    const std::size_t size = sizeOfFirst(bytes);
    PacketPtr packet = newPacket();
    check(av_new_packet(packet.get(), static_cast<int>(size)), "reading sound");
    std::memcpy(packet->data, bytes.data(), size);
    packet->pts = first_pts + static_cast<std::int64_t>(packets.size()) * AacSamples;
    packet->dts = packet->pts;
    packet->duration = AacSamples;
    packet->flags |= AV_PKT_FLAG_KEY;
    packets.push_back(std::move(packet));
    bytes = bytes.subspan(size);
  }
  return packets;
}

}  // namespace reeld::libav
