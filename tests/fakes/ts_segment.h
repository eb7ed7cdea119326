// A small, real transport stream: PAT, PMT, and one packet per picture or per packet of sound, each
// in a PES of its own with its timestamp. Its pictures cannot be decoded, everything around them is
// as ISO/IEC 13818-1 and H.264 annex B want it. No dependencies: the scripted plugin writes it too.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>

namespace reeld::test {

struct TsShape {
  std::int64_t start_us = 0;
  std::int64_t duration_us = 4'000'000;
  std::int64_t frames = 100;
  bool sound_alone = false;
  bool idr = true;
  bool parameter_sets = true;
  int picture_sets = 1;
  bool tables = true;
  std::int64_t late_us = 0;  ///< added to every timestamp
};

inline constexpr std::size_t TsPacketBytes = 188;

/// The size of what tsSegment() makes of so many frames.
inline constexpr std::size_t tsBytes(std::int64_t frames) {
  return TsPacketBytes * (static_cast<std::size_t>(frames) + 2);
}

class TsSegmentWriter {
 public:
  std::string write(const TsShape& shape) {
    if (shape.tables) {
      addTable(0, table(0x00, bytes({0x00, 0x01, 0xf0, 0x00})));
      addTable(0x1000, table(0x02, bytes({0xe1, 0x00, 0xf0, 0x00, shape.sound_alone ? 0x0f : 0x1b,
                                          0xe1, 0x00, 0xf0, 0x00})));
    }
    for (std::int64_t i = 0; i < shape.frames; ++i) {
      const std::int64_t us = shape.start_us + i * shape.duration_us / shape.frames;
      const std::int64_t pts = (10'000'000 + us + shape.late_us) * 9 / 100;
      add(0x100, true, pes(pts, shape.sound_alone) + content(shape, i));
    }
    return out_;
  }

 private:
  static std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values) {
      text.push_back(static_cast<char>(value));
    }
    return text;
  }

  static std::string content(const TsShape& shape, std::int64_t i) {
    if (shape.sound_alone) {
      // ADTS of AAC-LC, 48 kHz, two channels: a header and nine bytes.
      return bytes({0xff, 0xf1, 0x4c, 0x80, 0x02, 0x1f, 0xfc}) + std::string(9, 'a');
    }
    const std::string start = bytes({0, 0, 0, 1});
    std::string unit = start + bytes({0x09, 0xf0});
    if (i == 0 && shape.parameter_sets) {
      unit += start + bytes({0x67, 0x4d, 0x40, 0x1e});
      for (int set = 0; set < shape.picture_sets; ++set) {
        unit += start + bytes({0x68, 0xee - set, 0x3c, 0x80});
      }
    }
    return unit + start + bytes({i == 0 && shape.idr ? 0x65 : 0x41, 0x88}) + std::string(20, 'v');
  }

  static std::string pes(std::int64_t pts, bool is_sound) {
    const auto part = [&](int shift, int mask) { return static_cast<int>(pts >> shift) & mask; };
    return bytes({0, 0, 1, is_sound ? 0xc0 : 0xe0, 0, 0, 0x80, 0x80, 5, 0x21 | part(29, 0x0e),
                  part(22, 0xff), 1 | part(14, 0xfe), part(7, 0xff), 1 | part(0, 0x7f) << 1});
  }

  static std::string table(int id, const std::string& body) {
    // id, length, number 1, version 0 current, section 0 of 0, body, CRC
    std::string text = bytes({id, 0xb0, static_cast<int>(5 + body.size() + 4), 0, 1, 0xc1, 0, 0});
    text += body;
    std::uint32_t sum = 0xffffffff;
    for (const char byte : text) {
      sum ^= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << 24U;
      for (int bit = 0; bit < 8; ++bit) {
        sum = (sum << 1U) ^ ((sum & 0x80000000U) != 0 ? 0x04c11db7U : 0U);
      }
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
      text.push_back(static_cast<char>(sum >> static_cast<unsigned>(shift)));
    }
    return text;
  }

  void addTable(int pid, const std::string& section) {
    const std::string pointed = std::string(1, '\0') + section;
    out_ += header(pid, true, false) + pointed +
            std::string(TsPacketBytes - 4 - pointed.size(), char(0xff));
  }

  void add(int pid, bool starts, const std::string& payload) {
    const std::size_t stuffing = TsPacketBytes - 4 - payload.size();  // at least 2
    out_ += header(pid, starts, true) + bytes({static_cast<int>(stuffing - 1), 0}) +
            std::string(stuffing - 2, char(0xff)) + payload;
  }

  std::string header(int pid, bool starts, bool has_adaptation) {
    const int counter = counters_[pid]++ % 16;
    return bytes({0x47, (starts ? 0x40 : 0) | pid >> 8, pid & 0xff,
                  (has_adaptation ? 0x30 : 0x10) | counter});
  }

  std::string out_;
  std::map<int, int> counters_;
};

inline std::string tsSegment(const TsShape& shape) { return TsSegmentWriter().write(shape); }

}  // namespace reeld::test
