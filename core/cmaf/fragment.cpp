#include "cmaf/fragment.h"

#include "base/error.h"
#include "cmaf/boxes.h"
#include "cmaf/init_segment.h"

#include <cmath>
#include <span>

namespace reeld::cmaf {

namespace {

constexpr std::int64_t TicksPerSecond = 90'000;
constexpr std::uint64_t DependsOnNone = 0x02000000;
constexpr std::uint64_t NoSync = 0x01010000;

struct Sample {
  std::string_view data;
  std::uint64_t flags = 0;
  std::int64_t shown_after = 0;  ///< it is decoded; may be negative
};

std::int64_t nearest(std::int64_t value, std::int64_t times, std::int64_t by) {
  return std::llround(static_cast<double>(value) * static_cast<double>(times) /
                      static_cast<double>(by));
}

std::string run(std::span<const Sample> samples, std::size_t data_offset) {
  constexpr unsigned DataOffset = 0x1;
  constexpr unsigned Sizes = 0x200;
  constexpr unsigned Flags = 0x400;
  constexpr unsigned CompositionOffsets = 0x800;
  Bytes bytes;
  bytes.u32(samples.size()).u32(data_offset);
  for (const Sample& sample : samples) {
    bytes.u32(sample.data.size())
        .u32(sample.flags)
        .u32(static_cast<std::uint32_t>(static_cast<std::int32_t>(sample.shown_after)));
  }
  return fullBox("trun", 1, DataOffset | Sizes | Flags | CompositionOffsets, bytes.take());
}

std::string moof(std::int64_t number, std::int64_t decode_time, std::int64_t duration,
                 std::span<const Sample> samples, std::size_t data_offset) {
  constexpr unsigned BaseIsMoof = 0x020000;
  constexpr unsigned DefaultDuration = 0x8;
  const std::string header =
      fullBox("tfhd", 0, BaseIsMoof | DefaultDuration,
              Bytes().u32(1).u32(static_cast<std::uint64_t>(duration)).take());
  const std::string time =
      fullBox("tfdt", 1, 0, Bytes().u64(static_cast<std::uint64_t>(decode_time)).take());
  return box("moof",
             fullBox("mfhd", 0, 0, Bytes().u32(static_cast<std::uint64_t>(number) + 1).take()) +
                 box("traf", header + time + run(samples, data_offset)));
}

std::string fragment(std::int64_t number, std::int64_t decode_time, std::int64_t duration,
                     std::span<const Sample> samples) {
  // Its own size does not depend on the offset it holds.
  const std::size_t head = moof(number, decode_time, duration, samples, 0).size();
  std::string bytes = box("styp", Bytes().text("cmfs").u32(0).text("iso6cmfscmfc").take()) +
                      moof(number, decode_time, duration, samples, head + 8);
  std::size_t size = 8;
  for (const Sample& sample : samples) {
    size += sample.data.size();
  }
  bytes.reserve(bytes.size() + size);
  bytes += Bytes().u32(size).text("mdat").take();
  for (const Sample& sample : samples) {
    bytes += sample.data;
  }
  return bytes;
}

}  // namespace

std::string pictureFragment(const PictureSpan& span, const TsSamples& samples) {
  const auto count = static_cast<std::int64_t>(samples.pictures.size());
  std::vector<Sample> made;
  made.reserve(samples.pictures.size());
  for (const PictureSample& picture : samples.pictures) {
    const std::int64_t slot =
        nearest(picture.ticks, span.fps_num, span.fps_den * TicksPerSecond) - span.first_frame;
    const auto decoded = static_cast<std::int64_t>(made.size());
    if (slot < 0 || slot >= count || (decoded == 0 && (!picture.is_idr || slot != 0))) {
      throw Error(ErrorCode::Corrupt, "a stored segment has pictures that are not its own");
    }
    made.push_back(
        {picture.data, picture.is_idr ? DependsOnNone : NoSync, (slot - decoded) * span.fps_den});
  }
  if (made.empty()) {
    throw Error(ErrorCode::Corrupt, "a stored segment has no pictures");
  }
  return fragment(span.number, span.first_frame * span.fps_den, span.fps_den, made);
}

std::string soundFragment(std::int64_t number, const TsSamples& samples, std::size_t most) {
  const std::int64_t first =
      nearest(samples.sound_ticks, SoundRate, TicksPerSecond * PacketSamples);
  std::vector<Sample> made;
  made.reserve(samples.sound.size());
  std::int64_t packet = first;
  for (const std::string& data : samples.sound) {
    if (packet++ >= 0 && made.size() < most) {
      made.push_back({data, DependsOnNone, 0});
    }
  }
  return fragment(number, std::max<std::int64_t>(first, 0) * PacketSamples, PacketSamples, made);
}

}  // namespace reeld::cmaf
