#include "cmaf/ts_samples.h"

#include "base/error.h"

#include <algorithm>
#include <optional>

namespace reeld::cmaf {

namespace {

constexpr std::size_t PacketBytes = 188;
constexpr unsigned H264 = 0x1b;
constexpr unsigned AacInAdts = 0x0f;
// The encoders' common offset: what comes before a title's start has a time, too.
constexpr std::int64_t OffsetTicks = 900'000;
constexpr std::int64_t ClockWrap = std::int64_t{1} << 33;
constexpr unsigned SequenceSet = 7;
constexpr unsigned PictureSet = 8;
constexpr std::size_t MostPictureSets = 255;  // as their count has a byte in the head of a track
constexpr unsigned Delimiter = 9;
constexpr unsigned Filler = 12;
constexpr unsigned IdrSlice = 5;

[[noreturn]] void damaged(const char* what) {
  throw Error(ErrorCode::Corrupt, std::string("a stored segment has ") + what);
}

unsigned byteAt(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}
unsigned wordAt(std::string_view bytes, std::size_t at) {
  return byteAt(bytes, at) << 8U | byteAt(bytes, at + 1);
}

/// One elementary stream: its PES packets are put together as they come.
struct Stream {
  unsigned pid = 0;
  std::string pes;
};

class Reader {
 public:
  explicit Reader(std::int64_t near_ticks) : near_(near_ticks) {}

  TsSamples read(std::string_view bytes) {
    for (; bytes.size() >= PacketBytes; bytes.remove_prefix(PacketBytes)) {
      takePacket(bytes.substr(0, PacketBytes));
    }
    if (!bytes.empty()) {
      damaged("half a packet at its end");
    }
    endPicture();
    endSound();
    return std::move(samples_);
  }

 private:
  void takePacket(std::string_view packet) {
    if (byteAt(packet, 0) != 0x47) {
      damaged("packets out of step");
    }
    const unsigned pid = wordAt(packet, 1) & 0x1fffU;
    const bool starts = (byteAt(packet, 1) & 0x40U) != 0;
    const bool has_adaptation = (byteAt(packet, 3) & 0x20U) != 0;
    const bool has_payload = (byteAt(packet, 3) & 0x10U) != 0;
    const std::size_t start = has_adaptation ? std::size_t{5} + byteAt(packet, 4) : 4;
    if (!has_payload || start >= PacketBytes) {
      return;
    }
    const std::string_view payload = packet.substr(start);
    if (pid == 0) {
      takePat(payload);
    } else if (pid == pmt_pid_) {
      takePmt(payload);
    } else if (pid == pictures_.pid) {
      if (starts) {
        endPicture();
      }
      pictures_.pes += payload;
    } else if (pid == sound_.pid) {
      if (starts) {
        endSound();
      }
      sound_.pes += payload;
    }
  }

  void takePat(std::string_view payload) {
    const std::string_view table =
        payload.substr(std::min(payload.size(), std::size_t{1} + byteAt(payload, 0)));
    for (std::size_t at = 8; at + 4 <= 3 + (wordAt(table, 1) & 0x0fffU); at += 4) {
      if (wordAt(table, at) != 0) {
        pmt_pid_ = wordAt(table, at + 2) & 0x1fffU;
        return;
      }
    }
  }

  void takePmt(std::string_view payload) {
    const std::string_view table =
        payload.substr(std::min(payload.size(), std::size_t{1} + byteAt(payload, 0)));
    const std::size_t end = std::min<std::size_t>(table.size(), 3 + (wordAt(table, 1) & 0x0fffU));
    std::size_t at = 12 + (wordAt(table, 10) & 0x0fffU);
    // The last four bytes are the checksum.
    for (; at + 5 + 4 <= end; at += 5 + (wordAt(table, at + 3) & 0x0fffU)) {
      const unsigned pid = wordAt(table, at + 1) & 0x1fffU;
      if (byteAt(table, at) == H264) {
        pictures_.pid = pid;
      } else if (byteAt(table, at) == AacInAdts) {
        sound_.pid = pid;
      }
    }
  }

  /// The payload of a whole PES packet; its presentation time goes to `ticks`.
  std::string_view open(std::string_view pes, std::int64_t& ticks) const {
    constexpr std::size_t Least = 14;
    if (pes.size() < Least || wordAt(pes, 0) != 0 || byteAt(pes, 2) != 1 ||
        (byteAt(pes, 7) & 0x80U) == 0 || pes.size() < 9 + byteAt(pes, 8)) {
      damaged("a broken PES header");
    }
    const std::int64_t time = std::int64_t{byteAt(pes, 9) & 0x0eU} << 29 |
                              std::int64_t{wordAt(pes, 10) & 0xfffeU} << 14 |
                              std::int64_t{wordAt(pes, 12) >> 1U};
    std::int64_t after = (time - (near_ + OffsetTicks)) % ClockWrap;
    after += after < -ClockWrap / 2 ? ClockWrap : after >= ClockWrap / 2 ? -ClockWrap : 0;
    ticks = near_ + after;
    return pes.substr(9 + byteAt(pes, 8));
  }

  void endPicture() {
    if (pictures_.pes.empty()) {
      return;
    }
    PictureSample sample;
    std::string_view units = open(pictures_.pes, sample.ticks);
    constexpr std::string_view StartCode("\0\0\1", 3);
    std::size_t at = units.find(StartCode);
    while (at != std::string_view::npos) {
      const std::size_t next = units.find(StartCode, at + 3);
      std::string_view unit =
          units.substr(at + 3, next == std::string_view::npos ? next : next - at - 3);
      while (!unit.empty() && unit.back() == '\0') {
        unit.remove_suffix(1);
      }
      takeUnit(unit, sample);
      at = next;
    }
    if (sample.data.empty()) {
      damaged("a picture without content");
    }
    samples_.pictures.push_back(std::move(sample));
    pictures_.pes.clear();
  }

  void takeUnit(std::string_view unit, PictureSample& sample) {
    const unsigned type = byteAt(unit, 0) & 0x1fU;
    if (unit.empty() || type == Delimiter || type == Filler) {
      return;
    }
    if (type == SequenceSet) {
      if (samples_.sequence_set.empty()) {
        samples_.sequence_set = unit;
      }
      return;
    }
    if (type == PictureSet) {
      addPictureSet(unit);
      return;
    }
    sample.is_idr = sample.is_idr || type == IdrSlice;
    const auto size = static_cast<std::uint32_t>(unit.size());
    for (int shift = 24; shift >= 0; shift -= 8) {
      sample.data += static_cast<char>(size >> static_cast<unsigned>(shift) & 0xffU);
    }
    sample.data += unit;
  }

  /// What is copied may have several, and each picture names its own.
  void addPictureSet(std::string_view unit) {
    auto& sets = samples_.picture_sets;
    if (std::find(sets.begin(), sets.end(), unit) != sets.end()) {
      return;
    }
    if (sets.size() == MostPictureSets) {
      damaged("more parameter sets than a stream may have");
    }
    sets.emplace_back(unit);
  }

  void endSound() {
    if (sound_.pes.empty()) {
      return;
    }
    std::int64_t ticks = 0;
    std::string_view adts = open(sound_.pes, ticks);
    if (samples_.sound.empty()) {
      samples_.sound_ticks = ticks;
    }
    while (!adts.empty()) {
      const std::size_t header = (byteAt(adts, 1) & 1U) != 0 ? 7 : 9;
      const std::size_t size = (byteAt(adts, 3) & 3U) << 11U | wordAt(adts, 4) >> 5U;
      if ((wordAt(adts, 0) & 0xfff6U) != 0xfff0 || size <= header || size > adts.size()) {
        damaged("broken packets of sound");
      }
      samples_.sound.emplace_back(adts.substr(header, size - header));
      adts.remove_prefix(size);
    }
    sound_.pes.clear();
  }

  std::int64_t near_;
  unsigned pmt_pid_ = 0x2000;  // none
  Stream pictures_{0x2000, {}};
  Stream sound_{0x2000, {}};
  TsSamples samples_;
};

}  // namespace

TsSamples readTs(std::string_view bytes, std::int64_t near_ticks) {
  return Reader(near_ticks).read(bytes);
}

}  // namespace reeld::cmaf
