// See copyable.h.
#include "copyable.h"

#include "avc.h"
#include "origin.h"
#include "picture_clock.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

// What a device of the last ten years decodes in hardware.
constexpr unsigned HighestLevel = 42;
// So many units may come before the first of a picture: delimiters, parameter sets, messages.
constexpr int UnitsInFront = 20;

bool isPlayedEverywhere(const SequenceFacts& facts) {
  constexpr unsigned Baseline = 66;
  constexpr unsigned Main = 77;
  constexpr unsigned High = 100;
  constexpr unsigned NoFlexibleOrder = 0x40;  // constraint_set1_flag
  const bool profile = facts.profile == Main || facts.profile == High ||
                       (facts.profile == Baseline && (facts.constraints & NoFlexibleOrder) != 0);
  return profile && facts.level <= HighestLevel && facts.chroma_format == 1 &&
         facts.bit_depth == 8 && facts.frames_only;
}

bool isShownAsItIs(const Source& source, const Picture& picture) {
  return source.orientation() == Orientation{} && av_cmp_q(picture.sample_aspect, {1, 1}) == 0 &&
         picture.pixels == AV_PIX_FMT_YUV420P && !picture.isFullRange() && !picture.interlaced &&
         picture.dynamicRange() == Transfer::Standard && picture.width % 2 == 0 &&
         picture.height % 2 == 0;
}

// Picture and sound begin together and end about together.
bool isFilled(const Source& source, AVRational fps, std::int64_t frames) {
  const auto pictures = Source::startUs(*source.video());
  if (!pictures) {
    return false;
  }
  return std::all_of(source.audio().begin(), source.audio().end(), [&](const AVStream* sound) {
    const auto start = Source::startUs(*sound);
    const std::int64_t origin = titleStartUs(pictures, start, fps).value_or(*pictures);
    const std::int64_t first = av_rescale_q(*pictures - origin, Microseconds, av_inv_q(fps));
    const std::int64_t end = av_rescale_q(frames, av_inv_q(fps), Microseconds);
    const std::int64_t heard =
        start && sound->duration > 0
            ? *start - origin + av_rescale_q(sound->duration, sound->time_base, Microseconds)
            : 0;
    return first == 0 && heard <= end + SoundTailUs;
  });
}

// The first unit of the picture in a sample of the file is one of an IDR.
bool isIdr(int fd, const AVIndexEntry& sample, std::size_t length_bytes) {
  std::int64_t at = sample.pos;
  const std::int64_t end = sample.pos + sample.size;
  for (int i = 0; i < UnitsInFront && at < end; ++i) {
    std::array<std::uint8_t, 5> head{};
    if (pread(fd, head.data(), length_bytes + 1, at) != static_cast<ssize_t>(length_bytes + 1)) {
      return false;
    }
    std::int64_t size = 0;
    for (std::size_t b = 0; b < length_bytes; ++b) {
      size = size << 8 | head[b];
    }
    const AvcBytes unit(head.data() + length_bytes, 1);
    if (isUnit(unit, AvcUnit::IdrSlice)) {
      return true;
    }
    if (avcType(unit) <= static_cast<unsigned>(AvcUnit::IdrSlice)) {
      return false;
    }
    at += static_cast<std::int64_t>(length_bytes) + size;
  }
  return false;
}

// The n-th sample is due in the n-th slot of the grid, within a quarter of one.
bool isOnGrid(const AVIndexEntry& sample, const AVIndexEntry& first, std::int64_t slot,
              double slots_per_tick) {
  const double due = static_cast<double>(sample.timestamp - first.timestamp) * slots_per_tick;
  return std::abs(due - static_cast<double>(slot)) < 0.25;
}

}  // namespace

std::vector<std::int64_t> copyableGroups(const Source& source, int fd, const Picture& picture,
                                         const FrameRate& rate) {
  auto* video = const_cast<AVStream*>(source.video());
  const AVCodecParameters& codec = *video->codecpar;
  const int count = avformat_index_get_entries_count(video);
  if (codec.codec_id != AV_CODEC_ID_H264 ||
      !std::string_view(source.format().iformat->name).starts_with("mov") || count == 0 ||
      count != video->nb_frames || !isShownAsItIs(source, picture) ||
      !isFilled(source, rate.fps, count)) {
    return {};
  }
  const auto record =
      readAvcRecord({codec.extradata, static_cast<std::size_t>(codec.extradata_size)});
  if (!record || record->sequence_sets.size() != 1 || record->picture_sets.empty()) {
    return {};
  }
  const auto sequence = readSequenceSet(record->sequence_sets.front());
  if (!sequence || !isPlayedEverywhere(*sequence)) {
    return {};
  }
  std::vector<std::int64_t> groups;
  const double slots_per_tick = av_q2d(video->time_base) * av_q2d(rate.fps);
  const AVIndexEntry first = *avformat_index_get_entry(video, 0);
  for (int i = 0; i < count; ++i) {
    const AVIndexEntry& sample = *avformat_index_get_entry(video, i);
    const bool is_key = (sample.flags & AVINDEX_KEYFRAME) != 0;
    if ((sample.flags & AVINDEX_DISCARD_FRAME) != 0 || (i == 0 && !is_key) ||
        !isOnGrid(sample, first, i, slots_per_tick) ||
        (is_key && !isIdr(fd, sample, record->length_bytes))) {
      return {};
    }
    if (is_key) {
      groups.push_back(0);
    }
    groups.back() += sample.size;
  }
  return groups;
}

}  // namespace reeld::libav
