#include "api/cmaf_files.h"

#include "api/memory_file.h"
#include "base/error.h"
#include "cmaf/fragment.h"
#include "cmaf/init_segment.h"

#include <array>

namespace reeld::api {

namespace {

using playback::CmafTrack;
using playback::Media;

/// A stored segment has a key of its own for ever, and so has what is made of it.
std::string cmafKey(const CmafTrack& track, std::size_t number, std::string_view what) {
  return std::string(track.is_sound ? "sound" : "pictures") + "/" + std::string(what) + "/" +
         track.stored->segment_keys.at(number);
}

/// About when a segment begins. Of sound alone the stored frames are packets.
std::int64_t ticksAt(const Media& media, const CmafTrack& track, std::int64_t first) {
  return track.isStoredAlone() ? first * cmaf::PacketSamples * 90'000 / cmaf::SoundRate
                               : first * media.clock.fps_den * 90'000 / media.clock.fps_num;
}

/// As many packets of sound as playlists and manifests say.
std::size_t packetsIn(const Media& media, const CmafTrack& track, std::size_t number) {
  const auto durations = timelineOf(media, track).durations;
  return number < durations.size()
             ? static_cast<std::size_t>(durations[number] / cmaf::PacketSamples)
             : 0;
}

}  // namespace

std::string CmafFiles::read(const std::string& key) const {
  std::string bytes;
  const auto reader = storage_.open(key, 0, 0);
  std::array<char, 64 * 1024> buffer;
  while (const std::size_t size = reader->read(buffer.data(), buffer.size())) {
    if (bytes.size() + size > MostBytes) {
      throw Error(ErrorCode::Corrupt, "a stored segment is larger than any that was made");
    }
    bytes.append(buffer.data(), size);
  }
  return bytes;
}

std::shared_ptr<const http::OpenFile> CmafFiles::load(const std::string& key,
                                                      const std::function<std::string()>& make) {
  try {
    return cache_.load(key, [&] {
      MemoryFile file;
      file.append(make());
      return file.release();
    });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) {
      throw;
    }
    return nullptr;
  }
}

std::shared_ptr<const http::OpenFile> CmafFiles::findInit(const CmafTrack& track) {
  return cache_.find(cmafKey(track, 0, "init"));
}

std::shared_ptr<const http::OpenFile> CmafFiles::findSegment(const CmafTrack& track,
                                                             std::size_t number) {
  return cache_.find(cmafKey(track, number, "segment"));
}

std::shared_ptr<const http::OpenFile> CmafFiles::loadInit(const Media& media,
                                                          const CmafTrack& track) {
  return load(cmafKey(track, 0, "init"), [&] {
    if (track.is_sound) {
      return cmaf::soundInit();
    }
    const auto samples = cmaf::readTs(read(track.stored->segment_keys.at(0)), 0);
    const playback::Variant& variant = track.stored->variant;
    return cmaf::pictureInit({variant.width, variant.height, media.clock.fps_num,
                              samples.sequence_set, samples.picture_sets});
  });
}

std::shared_ptr<const http::OpenFile> CmafFiles::loadSegment(const Media& media,
                                                             const CmafTrack& track,
                                                             std::size_t number) {
  return load(cmafKey(track, number, "segment"), [&] {
    const std::int64_t first = firstFrameOf(*track.stored, number);
    const auto samples =
        cmaf::readTs(read(track.stored->segment_keys.at(number)), ticksAt(media, track, first));
    const auto index = static_cast<std::int64_t>(number);
    if (track.is_sound) {
      return cmaf::soundFragment(index, samples, packetsIn(media, track, number));
    }
    return cmaf::pictureFragment({index, first, media.clock.fps_num, media.clock.fps_den}, samples);
  });
}

}  // namespace reeld::api
