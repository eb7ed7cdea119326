// An upload being read: opened under the allow lists, its streams chosen, its packets with
// straightened time stamps. Says no in a sentence the file's owner understands.
#pragma once
#include "control.h"
#include "fd_reader.h"
#include "libav.h"
#include "orientation.h"
#include "spec.h"
#include "timeline.h"

#include <optional>
#include <vector>

namespace reeld::libav {

class Source {
 public:
  /// fd stays the caller's. Throws INVALID if this is no video or audio file within the limits.
  Source(int fd, const Control& control, const Limits& limits);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// The one stream of pictures that is encoded, or nullptr. Attached pictures are not video. The
  /// choice depends on the file alone, so that probing and every task agree.
  const AVStream* video() const noexcept { return video_; }
  /// How the video's pictures must be turned, and the shape of their pixels as the container says
  /// it.
  Orientation orientation() const;
  AVRational sampleAspect() const;
  /// Streams of sound that can be decoded, in file order.
  const std::vector<const AVStream*>& audio() const noexcept { return audio_; }
  /// Streams of sound that nothing here decodes.
  const std::vector<const AVStream*>& undecodableAudio() const noexcept { return undecodable_; }
  /// A picture that illustrates the sound, or nullptr.
  const AVStream* cover() const noexcept { return cover_; }
  /// The sound a task names; throws INVALID if there is none of that number.
  const AVStream& sound(int stream) const;

  /// Packets of other streams are not even read where the format permits.
  void useOnly(const std::vector<const AVStream*>& streams);
  /// The same, with the time stamps as they are: in subtitles a minute without anything is no hole.
  void useAsStored(const std::vector<const AVStream*>& streams);

  /// Goes to the last key frame at or before this time (in the stream's time base), as far as the
  /// format can tell; false if it cannot. Only for a source whose time line needs no repair.
  bool seek(const AVStream& stream, std::int64_t time);

  /// The next packet of a stream in use, its time stamps straightened; false at the end.
  bool read(AVPacket& packet);

  const AVFormatContext& format() const noexcept { return *format_; }
  /// The format says where each packet lies, so that those of one stream are found without reading
  /// the others'.
  bool hasSampleTable() const noexcept;
  std::int64_t bytes() const noexcept { return file_.size(); }
  /// Places that could not be read, or were marked as damaged by the format.
  int readErrors() const noexcept { return read_errors_; }
  /// Holes and jumps in the time stamps that were repaired.
  int repairs() const noexcept { return timeline_.repairs(); }
  /// When a stream begins, as the container says, in microseconds; or nothing.
  static std::optional<std::int64_t> startUs(const AVStream& stream);

 private:
  void open();
  void chooseStreams();
  /// Before a decoder is opened: a huge picture is refused by its declared size already.
  void requireBounded() const;
  void straighten(AVPacket& packet);
  Timeline untouchedTimeline() const;

  const Control& control_;
  Limits limits_;
  FdReader file_;
  AVFormatContext* format_ = nullptr;
  const AVStream* video_ = nullptr;
  const AVStream* cover_ = nullptr;
  std::vector<const AVStream*> audio_;
  std::vector<const AVStream*> undecodable_;
  Timeline timeline_;
  bool keeps_times_ = false;
  int read_errors_ = 0;
};

}  // namespace reeld::libav
