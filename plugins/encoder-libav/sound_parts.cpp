// See sound_parts.h.
#include "sound_parts.h"

#include "adts.h"
#include "ready_sound.h"

#include <cstdio>
#include <limits>
#include <string>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

constexpr std::int64_t Highest = std::numeric_limits<std::int64_t>::max();
constexpr const char* SoundFolder = "sound";

}  // namespace

SoundParts::SoundParts(const Spec& spec, const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec), directory_(directory), sink_(sink) {
  if (!spec.sound_parts.empty()) {
    directory_.makeFolder(SoundFolder);
  }
}

std::optional<std::int64_t> SoundParts::openFrom() const {
  return next_ < spec_.sound_parts.size() ? std::optional(begin(next_)) : std::nullopt;
}

void SoundParts::publish(const AudioTrack& track) {
  while (next_ + 1 < spec_.sound_parts.size() && track.reaches(spec_.sampleAt(begin(next_ + 1)))) {
    write(track, spec_.sampleAt(begin(next_ + 1)));
  }
}

void SoundParts::finish(const AudioTrack& track) {
  while (next_ < spec_.sound_parts.size()) {
    write(track, next_ + 1 < spec_.sound_parts.size() ? spec_.sampleAt(begin(next_ + 1)) : Highest);
  }
}

void SoundParts::write(const AudioTrack& track, std::int64_t to_sample) {
  const std::int64_t first_segment = spec_.sound_parts[next_];
  const std::int64_t from = firstPacketPts(spec_, first_segment);
  const std::vector<const AVPacket*> packets = track.between(from, to_sample);
  // Whoever reads the part counts from its place on the grid: no packet carries its time.
  if (!packets.empty() && packets.front()->pts != from) {
    throw Failure(REELD_INTERNAL, "the sound of segment " + std::to_string(first_segment) +
                                      " begins at " + std::to_string(packets.front()->pts) +
                                      ", not at " + std::to_string(from));
  }
  char name[40];
  std::snprintf(name, sizeof name, "/part_%03lld.aac", static_cast<long long>(first_segment));
  const std::string path = SoundFolder + std::string(name);
  const std::vector<std::uint8_t> bytes = toAdts(packets);
  directory_.write(path, bytes);
  const std::string rendition = "sound";
  reeld_segment made{};
  made.index = static_cast<std::uint32_t>(first_segment);
  made.rendition = sdk::abi(rendition);
  made.path = sdk::abi(path);
  made.start_us = spec_.timeUs(begin(next_));
  made.duration_us = av_rescale_q(static_cast<std::int64_t>(packets.size()) * AacSamples,
                                  {1, AudioRate}, {1, 1'000'000});
  made.bytes = bytes.size();
  made.frames = packets.size();
  made.format = sdk::abi("aac");
  sink_.segment(made);
  ++next_;
}

}  // namespace reeld::libav
