// See copy_check.h.
#include "copy_check.h"

#include <algorithm>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {

CopyCheck::CopyCheck(const Spec& spec, const AVStream& video)
    : spec_(spec),
      video_(video),
      record_(readAvcRecord(
          {video.codecpar->extradata, static_cast<std::size_t>(video.codecpar->extradata_size)})) {}

std::int64_t CopyCheck::slots(std::int64_t ticks) const {
  return av_rescale_q_rnd(ticks, video_.time_base, av_inv_q(spec_.fps), AV_ROUND_NEAR_INF);
}

bool CopyCheck::isKnownSet(AvcBytes unit) const {
  const auto& sets =
      isUnit(unit, AvcUnit::SequenceSet) ? record_->sequence_sets : record_->picture_sets;
  return std::any_of(sets.begin(), sets.end(),
                     [&](AvcBytes known) { return std::ranges::equal(known, unit); });
}

std::optional<std::string> CopyCheck::look(const AVPacket& packet) const {
  const bool is_key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  int pictures = 0;
  bool is_odd = false;
  bool changes = false;
  const auto on_unit = [&](AvcBytes unit) {
    constexpr unsigned char FirstBlock = 0x80;  // first_mb_in_slice is 0
    const bool is_idr = isUnit(unit, AvcUnit::IdrSlice);
    if (is_idr || isUnit(unit, AvcUnit::Slice)) {
      pictures += unit.size() > 1 && (unit[1] & FirstBlock) != 0 ? 1 : 0;
      is_odd = is_odd || (is_key && !is_idr);
    } else if (isUnit(unit, AvcUnit::SequenceSet) || isUnit(unit, AvcUnit::PictureSet)) {
      changes = changes || !isKnownSet(unit);
    } else {
      // Pictures in partitions, which few decoders know.
      is_odd = is_odd || avcType(unit) < static_cast<unsigned>(AvcUnit::IdrSlice);
    }
  };
  const AvcBytes bytes(packet.data, static_cast<std::size_t>(packet.size));
  if (!eachUnit(bytes, record_->length_bytes, on_unit) || pictures != 1 || is_odd) {
    return "is no whole picture as players expect it";
  }
  if (changes) {
    return "changes the parameters of the stream";
  }
  return std::nullopt;
}

std::optional<std::string> CopyCheck::claim(std::int64_t slot, bool is_key) {
  // All slots of a segment are taken when as many pictures have come: none is taken twice.
  if (count_ == spec_.startOf(segment_ + 1)) {
    ++segment_;
    taken_.assign(static_cast<std::size_t>(spec_.framesOf(segment_)), false);
    if (!is_key || slot != count_) {
      return "should begin a segment";
    }
  }
  const std::int64_t at = slot - spec_.startOf(segment_);
  if (at < 0 || at >= static_cast<std::int64_t>(taken_.size()) ||
      taken_[static_cast<std::size_t>(at)]) {
    return "is not due where it is";
  }
  taken_[static_cast<std::size_t>(at)] = true;
  return std::nullopt;
}

std::optional<std::string> CopyCheck::place(AVPacket& packet) {
  const std::string name = "picture " + std::to_string(count_) + " ";
  if (!record_ || packet.pts == AV_NOPTS_VALUE || packet.dts == AV_NOPTS_VALUE ||
      count_ >= spec_.frames) {
    return name + "was not expected";
  }
  if (const auto problem = look(packet)) {
    return name + *problem;
  }
  if (count_ == 0) {
    first_pts_ = packet.pts;
    delay_ = slots(packet.pts - packet.dts);
  }
  const std::int64_t slot = slots(packet.pts - first_pts_);
  if (const auto problem = claim(slot, (packet.flags & AV_PKT_FLAG_KEY) != 0)) {
    return name + *problem;
  }
  packet.pts = slot;
  packet.dts = count_ - delay_;
  packet.duration = 1;
  if (packet.dts > packet.pts) {
    return name + "is decoded too late";
  }
  ++count_;
  return std::nullopt;
}

std::optional<std::string> CopyCheck::finish() const {
  if (count_ == spec_.frames) {
    return std::nullopt;
  }
  return "there are " + std::to_string(count_) + " pictures of " + std::to_string(spec_.frames);
}

}  // namespace reeld::libav
