// See sound_job.h.
#include "sound_job.h"

#include "adts.h"
#include "origin.h"
#include "ready_sound.h"

#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

constexpr std::int64_t Highest = std::numeric_limits<std::int64_t>::max();
constexpr const char* Folder = "sound";

}  // namespace

SoundJob::SoundJob(const Spec& spec, Source& source, const Control& control,
                   const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      control_(control),
      directory_(directory),
      sink_(sink),
      sound_(source.sound(spec.audio->stream), *spec.audio, spec.limits.max_pixels),
      progress_(sink) {
  directory_.makeFolder(Folder);
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
    publish();
    tellProgress();
  }
  sound_.decode(nullptr, origin_us);
  // Every segment has sound, if only silence.
  sound_.fillTo(spec_.sampleAt(spec_.frames));
  sound_.finish();
  publish();
  while (next_part_ < spec_.sound_parts.size()) {
    writePart(next_part_ + 1 < spec_.sound_parts.size() ? spec_.sampleAt(begin(next_part_ + 1))
                                                        : Highest);
  }
  Report report;
  report.frames = spec_.frames;
  report.decode_errors = sound_.errors() + source_.readErrors();
  report.damaged = report.decode_errors > 0 || source_.repairs() > 0;
  return report;
}

std::int64_t SoundJob::begin(std::size_t part) const {
  return spec_.sound_parts[part] * spec_.segment_frames;
}

void SoundJob::publish() {
  while (next_part_ + 1 < spec_.sound_parts.size() &&
         sound_.track().reaches(spec_.sampleAt(begin(next_part_ + 1)))) {
    writePart(spec_.sampleAt(begin(next_part_ + 1)));
  }
}

void SoundJob::writePart(std::int64_t to_sample) {
  const std::int64_t first_segment = spec_.sound_parts[next_part_];
  const std::int64_t from = firstPacketPts(spec_, first_segment);
  const std::vector<const AVPacket*> packets = sound_.track().between(from, to_sample);
  // Whoever reads the part counts from its place on the grid: no packet carries its time.
  if (!packets.empty() && packets.front()->pts != from) {
    throw Failure(REELD_INTERNAL, "the sound of segment " + std::to_string(first_segment) +
                                      " begins at " + std::to_string(packets.front()->pts) +
                                      ", not at " + std::to_string(from));
  }
  char name[40];
  std::snprintf(name, sizeof name, "/part_%03lld.aac", static_cast<long long>(first_segment));
  const std::string path = Folder + std::string(name);
  const std::vector<std::uint8_t> bytes = toAdts(packets);
  directory_.write(path, bytes);
  const std::string rendition = "sound";
  reeld_segment made{};
  made.index = static_cast<std::uint32_t>(first_segment);
  made.rendition = sdk::abi(rendition);
  made.path = sdk::abi(path);
  made.start_us = spec_.timeUs(begin(next_part_));
  made.duration_us = av_rescale_q(static_cast<std::int64_t>(packets.size()) * AacSamples,
                                  {1, AudioRate}, {1, 1'000'000});
  made.bytes = bytes.size();
  made.frames = packets.size();
  made.format = sdk::abi("aac");
  sink_.segment(made);
  if (to_sample != Highest) {
    sound_.track().forgetBefore(to_sample);
  }
  ++next_part_;
}

void SoundJob::tellProgress() {
  control_.check();
  progress_.reached(sound_.encoder().heard(), spec_.sampleAt(spec_.frames));
}

}  // namespace reeld::libav
