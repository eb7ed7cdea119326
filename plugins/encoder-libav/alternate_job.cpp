// See alternate_job.h.
#include "alternate_job.h"

#include "codecs_string.h"
#include "origin.h"

#include <algorithm>
#include <limits>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {}  // namespace

AlternateJob::AlternateJob(const Spec& spec, Source& source, const Control& control,
                           const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      control_(control),
      sound_(source.sound(spec.audio->stream), *spec.audio, spec.limits.max_pixels),
      writer_(spec.rungs.front().name, spec, directory, sink,
              TsMuxer(nullptr, {1, 1}, &sound_.encoder().parameters())),
      next_segment_(spec.first_segment),
      progress_(sink) {
  const AVStream& main = source_.sound(*spec.audio->beside);
  std::vector<const AVStream*> used{&sound_.stream(), &main};
  std::optional<std::int64_t> pictures_start;
  if (source_.video() != nullptr) {
    used.push_back(source_.video());
    pictures_start = Source::startUs(*source_.video());
  }
  source_.useOnly(used);
  origin_us_ = titleStartUs(pictures_start, Source::startUs(main), spec.fps).value_or(0);
}

Report AlternateJob::run() {
  const PacketPtr packet = newPacket();
  while (!done() && source_.read(*packet)) {
    read(*packet);
    publish();
    tellProgress();
  }
  if (!done()) {
    sound_.decode(nullptr, origin_us_);
    sound_.fillTo(spec_.sampleAt(spec_.frames));
    sound_.finish();
    publish();
  }
  requireSound();
  Report report;
  report.frames = spec_.frames - spec_.firstFrame();
  report.decode_errors = sound_.errors() + source_.readErrors();
  report.damaged = report.decode_errors > 0 || source_.repairs() > 0;
  report.renditions.push_back(
      {writer_.name(), 0, 0, AacCodec, writer_.segments(), writer_.frames()});
  return report;
}

void AlternateJob::read(const AVPacket& packet) {
  const AVStream& stream = *source_.format().streams[packet.stream_index];
  if (&stream == &sound_.stream()) {
    ++packets_;
    sound_.decode(&packet, origin_us_);
  } else if (packet.dts != AV_NOPTS_VALUE) {
    const std::int64_t us = av_rescale_q(packet.dts, stream.time_base, Microseconds) - origin_us_;
    const std::int64_t end = spec_.sampleAt(spec_.frames);
    sound_.fillTo(std::min(av_rescale_q(us, Microseconds, {1, AudioRate}), end) - MostSoundLag);
  }
}

std::int64_t AlternateJob::endOf(std::int64_t segment) const {
  return std::min(spec_.startOf(segment + 1), spec_.frames);
}

void AlternateJob::publish() {
  while (!done() && sound_.track().reaches(spec_.sampleAt(endOf(next_segment_)))) {
    writeSegment();
  }
  // Taken up in mid-title, it hears what was published first. The priming packet comes before the
  // title's start.
  if (next_segment_ > 0) {
    sound_.track().forgetBefore(spec_.sampleAt(spec_.startOf(next_segment_)));
  }
}

void AlternateJob::writeSegment() {
  const std::int64_t first = spec_.startOf(next_segment_);
  const std::int64_t end = endOf(next_segment_);
  const std::int64_t from =
      first == 0 ? std::numeric_limits<std::int64_t>::min() : spec_.sampleAt(first);
  const std::vector<const AVPacket*> packets = sound_.track().between(from, spec_.sampleAt(end));
  // So little may be left at the end that no packet begins in it.
  if (!packets.empty()) {
    writer_.write({next_segment_, first, end - first}, {}, packets, packets.size());
  }
  ++next_segment_;
}

void AlternateJob::requireSound() const {
  if (sound_.decoded() == 0 || sound_.decoded() * 2 < packets_) {
    throw Failure(REELD_INVALID, "of " + std::to_string(packets_) + " packets of its sound " +
                                     std::to_string(sound_.decoded()) + " decode");
  }
}

void AlternateJob::tellProgress() {
  control_.check();
  progress_.reached(sound_.encoder().heard(), spec_.sampleAt(spec_.frames));
}

}  // namespace reeld::libav
