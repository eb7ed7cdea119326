// The sound of a title as files for the tasks that make its pictures: each part is written as soon
// as it is complete.
#pragma once
#include "audio_track.h"
#include "output_directory.h"
#include "spec.h"

#include <reeld/plugin.hpp>

#include <cstddef>

namespace reeld::libav {

class SoundParts {
 public:
  /// The parts are those the task names; there may be none.
  SoundParts(const Spec& spec, const OutputDirectory& directory, const sdk::JobSink& sink);

  /// Writes the parts whose sound is complete.
  void publish(const AudioTrack& track);
  /// No sound follows: the rest of it belongs to what parts are left.
  void finish(const AudioTrack& track);
  /// The first frame whose sound is still wanted; nothing when every part is written.
  std::optional<std::int64_t> openFrom() const;

 private:
  void write(const AudioTrack& track, std::int64_t to_sample);
  std::int64_t begin(std::size_t part) const { return spec_.startOf(spec_.sound_parts[part]); }

  const Spec& spec_;
  const OutputDirectory& directory_;
  const sdk::JobSink& sink_;
  std::size_t next_ = 0;
};

}  // namespace reeld::libav
