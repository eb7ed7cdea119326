#include "processing/ts_inspector.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace reeld::processing {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t PacketBytes = 188;
constexpr std::uint8_t Unseen = 0xff;
constexpr unsigned FirstFreePid = 0x20;  // those below belong to tables
constexpr unsigned NullPid = 0x1fff;
constexpr unsigned H264 = 0x1b;
constexpr unsigned AacInAdts = 0x0f;
// The encoders' common offset: B-frames and the sound's priming come before the start of a title.
constexpr std::int64_t OffsetUs = 10'000'000;
constexpr std::int64_t ClockWrap = std::int64_t{1} << 33;

std::int64_t ticks(std::int64_t us) { return us * 9 / 100; }

unsigned wordAt(Bytes bytes, std::size_t at) {
  return static_cast<unsigned>(bytes[at]) << 8U | bytes[at + 1];
}

// The CRC of tables (annex A); 0 over a table together with its CRC.
std::uint32_t crc(Bytes bytes) {
  std::uint32_t sum = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    sum ^= static_cast<std::uint32_t>(byte) << 24U;
    for (int bit = 0; bit < 8; ++bit) {
      sum = sum << 1U ^ ((sum & 0x80000000U) != 0 ? 0x04c11db7U : 0U);
    }
  }
  return sum;
}

// A table of one packet, without its CRC; empty if it is not one.
Bytes table(Bytes payload, bool starts, unsigned id) {
  constexpr std::size_t Least = 12;
  if (!starts || payload.empty() || payload.size() < 1U + payload[0] + Least) {
    return {};
  }
  const Bytes section = payload.subspan(1U + payload[0]);
  const std::size_t length = 3 + (wordAt(section, 1) & 0x0fffU);
  if (section[0] != id || length < Least || length > section.size() ||
      crc(section.first(length)) != 0) {
    return {};
  }
  return section.first(length - 4);
}

}  // namespace

TsInspector::TsInspector(const Segment& said, bool has_picture)
    : said_(said), has_picture_(has_picture) {
  counters_.fill(Unseen);
}

void TsInspector::refuse(std::string problem) {
  if (problem_.empty()) {
    problem_ = std::move(problem);
  }
}

void TsInspector::update(std::string_view text) {
  Bytes bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  if (!partial_.empty()) {
    const Bytes rest = bytes.first(std::min(PacketBytes - partial_.size(), bytes.size()));
    partial_.insert(partial_.end(), rest.begin(), rest.end());
    bytes = bytes.subspan(rest.size());
    if (partial_.size() < PacketBytes) {
      return;
    }
    takePacket(partial_);
    partial_.clear();
  }
  for (; bytes.size() >= PacketBytes && problem_.empty(); bytes = bytes.subspan(PacketBytes)) {
    takePacket(bytes.first(PacketBytes));
  }
  if (problem_.empty()) {
    partial_.assign(bytes.begin(), bytes.end());
  }
}

void TsInspector::takePacket(Bytes packet) {
  const auto where = [at = packets_++ * PacketBytes] { return " at byte " + std::to_string(at); };
  if (packet[0] != 0x47) {
    return refuse("is out of step with its transport packets" + where());
  }
  const unsigned pid = wordAt(packet, 1) & 0x1fffU;
  const bool is_damaged = (packet[1] & 0x80U) != 0;
  const bool is_scrambled = (packet[3] & 0xc0U) != 0;
  const bool has_adaptation = (packet[3] & 0x20U) != 0;
  const bool has_payload = (packet[3] & 0x10U) != 0;
  const std::size_t start = has_adaptation ? std::size_t{5} + packet[4] : 4;
  if (is_damaged || is_scrambled || (!has_adaptation && !has_payload) ||
      start > PacketBytes - (has_payload ? 1 : 0)) {
    return refuse("has a broken packet header" + where());
  }
  if (pid == NullPid) {
    return;
  }
  if (!continues(pid, packet[3] & 0x0fU, has_payload)) {
    return refuse("lacks a packet of stream " + std::to_string(pid) + where());
  }
  if (has_payload) {
    takePayload(pid, (packet[1] & 0x40U) != 0, packet.subspan(start));
  }
}

bool TsInspector::continues(unsigned pid, unsigned counter, bool has_payload) {
  std::uint8_t& last = counters_[pid];
  // Packets without payload repeat the counter of the one before.
  const bool ok = last == Unseen || counter == (last + (has_payload ? 1U : 0U)) % 16;
  last = static_cast<std::uint8_t>(counter);
  return ok;
}

void TsInspector::takePayload(unsigned pid, bool starts, Bytes payload) {
  if (pid == 0) {
    takePat(starts, payload);
  } else if (pid == pmt_pid_) {
    takePmt(starts, payload);
  } else if (pid >= FirstFreePid) {
    if (!has_tables_) {
      refuse("has media before its PAT and PMT");
    } else if (pid == video_pid_ || pid == audio_pid_) {
      takeStream(pid == video_pid_, starts, payload);
    }
  }
}

void TsInspector::takePat(bool starts, Bytes payload) {
  const Bytes pat = table(payload, starts, 0);
  if (pat.empty()) {
    return refuse("has a broken PAT");
  }
  for (std::size_t at = 8; at + 4 <= pat.size() && pmt_pid_ == 0; at += 4) {
    pmt_pid_ = wordAt(pat, at) != 0 ? wordAt(pat, at + 2) & 0x1fffU : 0;
  }
}

void TsInspector::takePmt(bool starts, Bytes payload) {
  const Bytes pmt = table(payload, starts, 2);
  if (pmt.size() < 12) {
    return refuse("has a broken PMT");
  }
  std::size_t at = 12 + (wordAt(pmt, 10) & 0x0fffU);
  for (; at + 5 <= pmt.size(); at += 5 + (wordAt(pmt, at + 3) & 0x0fffU)) {
    const unsigned pid = wordAt(pmt, at + 1) & 0x1fffU;
    if (pmt[at] == H264) {
      video_pid_ = pid;
    } else if (pmt[at] == AacInAdts) {
      audio_pid_ = pid;
    }
  }
  has_tables_ = true;
  if ((video_pid_ != 0) != has_picture_ || (!has_picture_ && audio_pid_ == 0)) {
    refuse(has_picture_ ? "has no stream of pictures" : "is not sound alone");
  }
}

void TsInspector::takeStream(bool is_picture, bool starts, Bytes payload) {
  if (starts) {
    constexpr std::size_t Least = 9;
    const bool is_whole =
        payload.size() >= Least && wordAt(payload, 0) == 0 && payload[2] == 1 &&
        (is_picture ? (payload[3] & 0xf0U) == 0xe0 : (payload[3] & 0xe0U) == 0xc0) &&
        payload.size() >= Least + payload[8];
    if (!is_whole) {
      return refuse("has a broken PES header");
    }
    if (is_picture == has_picture_) {
      takeTime(payload);
    }
    payload = payload.subspan(Least + payload[8]);
  }
  if (is_picture) {
    pictures_.take(payload);
  } else {
    sound_.take(payload);
  }
}

void TsInspector::takeTime(Bytes pes) {
  const bool has_time = (pes[7] & 0x80U) != 0 && pes[8] >= 5;
  if (!has_time) {
    return refuse("has no timestamp where one belongs");
  }
  const std::int64_t time = std::int64_t{pes[9] & 0x0eU} << 29 |
                            std::int64_t{wordAt(pes, 10) & 0xfffeU} << 14 |
                            std::int64_t{wordAt(pes, 12) >> 1U};
  const std::int64_t start = ticks(said_.start_us + OffsetUs) % ClockWrap;
  std::int64_t after = (time - start + ClockWrap) % ClockWrap;
  if (after >= ClockWrap / 2) {
    after -= ClockWrap;
  }
  last_ticks_ = first_ticks_ ? std::max(last_ticks_, after) : after;
  first_ticks_ = first_ticks_.value_or(after);
}

std::optional<std::string> TsInspector::finish() {
  if (problem_.empty()) {
    if (!partial_.empty()) {
      refuse("ends within a transport packet");
    } else if (!has_tables_) {
      refuse("has no PAT and PMT");
    } else if (has_picture_) {
      checkPictures();
    } else {
      checkSound();
    }
  }
  return problem_.empty() ? std::nullopt : std::optional(problem_);
}

std::string TsInspector::codecs() const {
  constexpr const char* AacLc = "mp4a.40.2";
  if (!has_picture_) {
    return AacLc;
  }
  const auto profile = pictures_.profile();
  if (!profile) {
    return "";
  }
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "avc1.%06" PRIx32, *profile);
  return std::string(text.data()) + (audio_pid_ != 0 ? std::string(",") + AacLc : "");
}

void TsInspector::checkStart(std::int64_t slack_ticks) {
  if (!first_ticks_ || std::abs(*first_ticks_) > slack_ticks) {
    refuse(first_ticks_ ? "starts " + std::to_string(*first_ticks_ / 90) + " ms off its time"
                        : "is empty");
  }
}

void TsInspector::checkPictures() {
  if (!pictures_.startsWithIdr()) {
    refuse("does not start with an IDR picture after its SPS and PPS");
  }
  if (pictures_.count() != said_.frames) {
    refuse("holds " + std::to_string(pictures_.count()) + " pictures, not " +
           std::to_string(said_.frames));
  }
  const std::int64_t frame = ticks(said_.duration_us / std::max<std::int64_t>(1, said_.frames));
  checkStart(frame / 2);
  // The last picture is shown until the segment's end.
  if (std::abs(last_ticks_ + frame - ticks(said_.duration_us)) > frame / 2) {
    refuse("ends with the picture at " + std::to_string(last_ticks_ / 90) + " ms of " +
           std::to_string(said_.duration_us / 1000));
  }
  if (!sound_.isWhole()) {
    refuse("has broken packets of sound");
  }
}

void TsInspector::checkSound() {
  if (!sound_.isWhole()) {
    refuse("has broken packets of sound");
  }
  if (sound_.count() != said_.frames) {
    refuse("holds " + std::to_string(sound_.count()) + " packets of sound, not " +
           std::to_string(said_.frames));
  }
  checkStart(ticks(SoundSlackUs));
}

}  // namespace reeld::processing
