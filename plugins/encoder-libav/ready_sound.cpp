// See ready_sound.h.
#include "ready_sound.h"

#include "adts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <vector>

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace reeld::libav {
namespace {

// A day of sound at the highest rate is larger; no part is as long.
constexpr off_t MostSoundBytes = off_t{1} << 30;

[[noreturn]] void failReading(const std::string& why) {
  throw Failure(REELD_INTERNAL, "cannot read the sound of these segments: " + why);
}

std::vector<std::uint8_t> readAll(int fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) {
    failReading(std::strerror(errno));
  }
  if (!S_ISREG(facts.st_mode) || facts.st_size > MostSoundBytes) {
    failReading("it is no file of a size that can be");
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(facts.st_size));
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = pread(fd, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      failReading(got < 0 ? std::strerror(errno) : "it is shorter than it was");
    }
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

std::int64_t firstPacketPts(const Spec& spec, std::int64_t first_segment) {
  if (first_segment == 0) {
    return -AacSamples;
  }
  const std::int64_t from = spec.sampleAt(spec.startOf(first_segment));
  return (from + AacSamples - 1) / AacSamples * AacSamples;
}

ReadySound::ReadySound(int fd, const Spec& spec, std::int64_t first_segment)
    : parameters_(avcodec_parameters_alloc()) {
  if (!parameters_) {
    throw std::bad_alloc();
  }
  parameters_->codec_type = AVMEDIA_TYPE_AUDIO;
  parameters_->codec_id = AV_CODEC_ID_AAC;
  parameters_->profile = FF_PROFILE_AAC_LOW;
  parameters_->sample_rate = AudioRate;
  parameters_->frame_size = static_cast<int>(AacSamples);
  av_channel_layout_default(&parameters_->ch_layout, 2);
  for (PacketPtr& packet : fromAdts(readAll(fd), firstPacketPts(spec, first_segment))) {
    track_.add(std::move(packet));
  }
  end_ = track_.end();
  track_.close();
}

}  // namespace reeld::libav
