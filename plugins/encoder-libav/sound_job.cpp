// See sound_job.h.
#include "sound_job.h"

#include "origin.h"

#include <optional>

namespace reeld::libav {

SoundJob::SoundJob(const Spec& spec, Source& source, const Control& control,
                   const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      control_(control),
      sound_(source.sound(spec.audio->stream), *spec.audio, spec.limits.max_pixels),
      parts_(spec, directory, sink),
      progress_(sink) {
  source_.useOnly({&sound_.stream()});
}

Report SoundJob::run() {
  const auto pictures_start =
      source_.video() != nullptr ? Source::startUs(*source_.video()) : std::nullopt;
  const std::int64_t origin_us =
      titleStartUs(pictures_start, Source::startUs(sound_.stream()), spec_.fps).value_or(0);
  const PacketPtr packet = newPacket();
  while (source_.read(*packet)) {
    sound_.decode(packet.get(), origin_us);
    parts_.publish(sound_.track());
    // The priming packet comes before the title's start.
    if (const std::int64_t open_from = parts_.openFrom().value_or(0); open_from > 0) {
      sound_.track().forgetBefore(spec_.sampleAt(open_from));
    }
    tellProgress();
  }
  sound_.decode(nullptr, origin_us);
  // Every segment has sound, if only silence.
  sound_.fillTo(spec_.sampleAt(spec_.frames));
  sound_.finish();
  parts_.finish(sound_.track());
  Report report;
  report.frames = spec_.frames;
  report.decode_errors = sound_.errors() + source_.readErrors();
  report.damaged = report.decode_errors > 0 || source_.repairs() > 0;
  return report;
}

void SoundJob::tellProgress() {
  control_.check();
  progress_.reached(sound_.encoder().heard(), spec_.sampleAt(spec_.frames));
}

}  // namespace reeld::libav
