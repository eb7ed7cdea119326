// See avc.h.
#include "avc.h"

#include <algorithm>

namespace reeld::libav {
namespace {

std::size_t numberAt(AvcBytes bytes, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = value << 8U | bytes[at + i];
  }
  return value;
}

// `count` units behind lengths of two bytes; moves `at`. False if they do not fit.
bool takeSets(AvcBytes bytes, std::size_t& at, std::size_t count, std::vector<AvcBytes>& sets) {
  for (std::size_t i = 0; i < count; ++i) {
    if (at + 2 > bytes.size()) {
      return false;
    }
    const std::size_t size = numberAt(bytes, at, 2);
    at += 2;
    if (size == 0 || size > bytes.size() - at) {
      return false;
    }
    sets.push_back(bytes.subspan(at, size));
    at += size;
  }
  return true;
}

// The bits of a unit, without the bytes that keep start codes out of it (7.4.1.1).
class Bits {
 public:
  explicit Bits(AvcBytes unit) {
    for (const std::uint8_t byte : unit) {
      const std::size_t size = bytes_.size();
      const bool is_guard =
          byte == 3 && size >= 2 && bytes_[size - 1] == 0 && bytes_[size - 2] == 0 && !guarded_;
      guarded_ = is_guard;
      if (!is_guard) {
        bytes_.push_back(byte);
      }
    }
  }

  unsigned take(unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count; ++i) {
      value = value << 1U | bit();
    }
    return value;
  }
  // Exp-Golomb, without and with a sign (9.1).
  unsigned number() {
    unsigned zeros = 0;
    while (zeros < 31 && ok() && bit() == 0) {
      ++zeros;
    }
    return (1U << zeros) - 1 + take(zeros);
  }
  int signedNumber() {
    const unsigned code = number();
    const auto half = static_cast<int>((code + 1) / 2);
    return code % 2 == 0 ? -half : half;
  }
  bool ok() const { return at_ <= bytes_.size() * 8; }

 private:
  unsigned bit() {
    const std::size_t byte = at_ / 8;
    const unsigned value = byte < bytes_.size() ? bytes_[byte] >> (7 - at_ % 8) & 1U : 0U;
    ++at_;
    return value;
  }

  std::vector<std::uint8_t> bytes_;
  bool guarded_ = false;
  std::size_t at_ = 0;
};

void skipScalingList(Bits& bits, int size) {
  int last = 8;
  int next = 8;
  for (int i = 0; i < size && bits.ok(); ++i) {
    if (next != 0) {
      next = (last + bits.signedNumber() + 256) % 256;
    }
    last = next == 0 ? last : next;
  }
}

bool hasChroma(unsigned profile) {
  constexpr unsigned With[] = {44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244};
  return std::find(std::begin(With), std::end(With), profile) != std::end(With);
}

void readChroma(Bits& bits, SequenceFacts& facts) {
  facts.chroma_format = bits.number();
  if (facts.chroma_format == 3) {
    bits.take(1);  // planes coded apart
  }
  const unsigned luma = bits.number();
  const unsigned chroma = bits.number();
  facts.bit_depth = 8 + std::max(luma, chroma);
  bits.take(1);  // lossless
  if (bits.take(1) != 0) {
    const int lists = facts.chroma_format == 3 ? 12 : 8;
    for (int i = 0; i < lists; ++i) {
      if (bits.take(1) != 0) {
        skipScalingList(bits, i < 6 ? 16 : 64);
      }
    }
  }
}

void skipOrder(Bits& bits) {
  const unsigned type = bits.number();
  if (type == 0) {
    bits.number();
  } else if (type == 1) {
    bits.take(1);
    bits.signedNumber();
    bits.signedNumber();
    const unsigned cycle = bits.number();
    for (unsigned i = 0; i < cycle && bits.ok(); ++i) {
      bits.signedNumber();
    }
  }
}

}  // namespace

std::optional<AvcRecord> readAvcRecord(AvcBytes bytes) {
  constexpr std::size_t Head = 6;
  if (bytes.size() < Head + 1 || bytes[0] != 1) {
    return std::nullopt;
  }
  AvcRecord record;
  record.length_bytes = (bytes[4] & 3U) + std::size_t{1};
  std::size_t at = Head;
  if (!takeSets(bytes, at, bytes[5] & 0x1fU, record.sequence_sets) || at >= bytes.size()) {
    return std::nullopt;
  }
  const std::size_t pictures = bytes[at++];
  if (!takeSets(bytes, at, pictures, record.picture_sets)) {
    return std::nullopt;
  }
  return record;
}

bool eachUnit(AvcBytes packet, std::size_t length_bytes,
              const std::function<void(AvcBytes unit)>& on_unit) {
  while (!packet.empty()) {
    if (packet.size() < length_bytes) {
      return false;
    }
    const std::size_t size = numberAt(packet, 0, length_bytes);
    packet = packet.subspan(length_bytes);
    if (size > packet.size()) {
      return false;
    }
    if (size > 0) {
      on_unit(packet.first(size));
    }
    packet = packet.subspan(size);
  }
  return true;
}

std::optional<SequenceFacts> readSequenceSet(AvcBytes unit) {
  if (unit.size() < 5 || !isUnit(unit, AvcUnit::SequenceSet)) {
    return std::nullopt;
  }
  SequenceFacts facts;
  facts.profile = unit[1];
  facts.constraints = unit[2];
  facts.level = unit[3];
  Bits bits(unit.subspan(4));
  bits.number();  // its id
  if (hasChroma(facts.profile)) {
    readChroma(bits, facts);
  }
  bits.number();  // longest frame number
  skipOrder(bits);
  bits.number();  // reference frames
  bits.take(1);   // gaps in frame numbers
  bits.number();  // width
  bits.number();  // height
  facts.frames_only = bits.take(1) != 0;
  return bits.ok() ? std::optional(facts) : std::nullopt;
}

}  // namespace reeld::libav
