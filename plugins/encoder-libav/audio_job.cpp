// See audio_job.h.
#include "audio_job.h"

#include "codecs_string.h"
#include "jpeg.h"
#include "waveform.h"

#include <algorithm>
#include <limits>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

constexpr int PosterWidth = 1280;
constexpr int PosterHeight = 720;

}  // namespace

AudioJob::AudioJob(const Spec& spec, Source& source, const Control& control,
                   const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      control_(control),
      directory_(directory),
      sink_(sink),
      sound_(source.sound(spec.audio->stream), *spec.audio, spec.limits.max_pixels),
      writer_(spec.rungs.front().name, spec, directory, sink,
              TsMuxer(nullptr, {1, 1}, &sound_.encoder().parameters())),
      next_segment_(spec.first_segment),
      progress_(sink) {
  source_.useOnly({&sound_.stream()});
}

Report AudioJob::run() {
  const std::int64_t origin_us = Source::startUs(sound_.stream()).value_or(0);
  const PacketPtr packet = newPacket();
  while (!rangeDone() && source_.read(*packet)) {
    sound_.decode(packet.get(), origin_us);
    publish();
    tellProgress();
  }
  const bool to_the_end = !rangeDone();
  if (to_the_end) {
    sound_.decode(nullptr, origin_us);
    if (sound_.decoded() == 0) {
      throw Failure(
          REELD_INVALID,
          "the file has no sound that can be decoded; it may be incomplete: export it again");
    }
    sound_.finish();
    publish();
    const std::int64_t first = next_segment_ * spec_.segment_frames;
    const std::int64_t end = heardFrames();
    // The last packet may reach past the grid's line: then nothing is left for one more segment.
    const bool has_rest =
        first == 0 || !sound_.track().between(spec_.sampleAt(first), spec_.sampleAt(end)).empty();
    if (end > first && has_rest) {
      writeSegment(first, end);
    }
  }
  if (writer_.segments().empty()) {
    throw Failure(REELD_INVALID, "the task begins after the end of the sound");
  }
  if (spec_.poster) {
    writePoster();
  }
  Report report;
  report.frames =
      to_the_end ? heardFrames() - spec_.firstFrame() : *spec_.endFrame() - spec_.firstFrame();
  report.decode_errors = sound_.errors() + source_.readErrors();
  report.damaged = report.decode_errors > 0 || source_.repairs() > 0;
  report.renditions.push_back(
      {writer_.name(), 0, 0, AacCodec, writer_.segments(), writer_.frames()});
  return report;
}

bool AudioJob::rangeDone() const {
  return spec_.endFrame() && next_segment_ * spec_.segment_frames >= *spec_.endFrame();
}

void AudioJob::publish() {
  // Taken up in mid-title, it hears what others have published first. The priming packet comes
  // before the title's start.
  if (next_segment_ > 0) {
    sound_.track().forgetBefore(spec_.sampleAt(next_segment_ * spec_.segment_frames));
  }
  while (!rangeDone()) {
    const std::int64_t first = next_segment_ * spec_.segment_frames;
    const std::int64_t end = first + spec_.segment_frames;
    // The last, shorter segment is cut when the sound is over.
    if (heardFrames() < end || !sound_.track().reaches(spec_.sampleAt(end))) {
      return;
    }
    writeSegment(first, end);
  }
}

void AudioJob::writeSegment(std::int64_t first_frame, std::int64_t end_frame) {
  const std::int64_t from =
      first_frame == 0 ? std::numeric_limits<std::int64_t>::min() : spec_.sampleAt(first_frame);
  const std::vector<const AVPacket*> packets =
      sound_.track().between(from, spec_.sampleAt(end_frame));
  writer_.write({next_segment_, first_frame, end_frame - first_frame}, {}, packets, packets.size());
  ++next_segment_;
}

std::int64_t AudioJob::heardFrames() const {
  return std::max<std::int64_t>(1, av_rescale_q_rnd(sound_.encoder().heard(), {1, AudioRate},
                                                    av_inv_q(spec_.fps), AV_ROUND_UP));
}

FramePtr AudioJob::coverPicture() {
  const AVStream* cover = source_.cover();
  if (cover == nullptr || cover->attached_pic.size == 0) {
    return nullptr;
  }
  Decoder decoder(*cover, 1, spec_.limits.max_pixels);
  FramePtr picture;
  const auto keep = [&](AVFrame& frame) { picture = shareFrame(frame); };
  decoder.decode(&cover->attached_pic, keep);
  decoder.decode(nullptr, keep);
  return picture;
}

void AudioJob::writePoster() {
  FramePtr picture = coverPicture();
  if (!picture) {
    picture = drawWaveform(sound_.encoder().peaks(), PosterWidth, PosterHeight);
  }
  directory_.write("poster.jpg", encodeJpeg(*picture, PosterWidth, PosterHeight));
  sink_.artifact("poster", "poster.jpg");
}

void AudioJob::tellProgress() {
  control_.check();
  progress_.reached(sound_.encoder().heard(),
                    av_rescale_q(source_.format().duration, {1, 1'000'000}, {1, AudioRate}));
}

}  // namespace reeld::libav
