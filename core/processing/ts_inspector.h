// Whether a transport stream (ISO/IEC 13818-1) is the segment it is said to be: packets in step and
// unbroken, PAT and PMT first, an IDR in front, as many pictures as announced, at their times.
// Pure: it is fed bytes in pieces of any size, in one pass, and decodes nothing.
#pragma once
#include "processing/elementary_stream.h"
#include "processing/encoding.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::processing {

class TsInspector {
 public:
  /// Without a picture `said.frames` counts packets of sound.
  TsInspector(const Segment& said, bool has_picture);

  void update(std::string_view bytes);
  /// What is wrong, to be put after the segment's name; nothing if it is as said. Once.
  std::optional<std::string> finish();
  /// What its streams are coded as (RFC 6381), "avc1.4d401e,mp4a.40.2", by its first SPS and its
  /// PMT.
  std::string codecs() const;

 private:
  using Bytes = std::span<const std::uint8_t>;

  void refuse(std::string problem);
  void takePacket(Bytes packet);
  bool continues(unsigned pid, unsigned counter, bool has_payload);
  void takePayload(unsigned pid, bool starts, Bytes payload);
  void takePat(bool starts, Bytes payload);
  void takePmt(bool starts, Bytes payload);
  void takeStream(bool is_picture, bool starts, Bytes payload);
  void takeTime(Bytes pes);
  void checkPictures();
  void checkSound();
  void checkStart(std::int64_t slack_ticks);

  const Segment said_;
  const bool has_picture_;
  std::string problem_;
  std::vector<std::uint8_t> partial_;  ///< the beginning of a packet whose end is still to come
  std::uint64_t packets_ = 0;
  std::array<std::uint8_t, 8192> counters_{};  ///< by PID; Unseen before its first packet
  unsigned pmt_pid_ = 0;
  unsigned video_pid_ = 0;
  unsigned audio_pid_ = 0;
  bool has_tables_ = false;
  /// Of the picture, or of the sound alone: ticks after the segment's own start.
  std::optional<std::int64_t> first_ticks_;
  std::int64_t last_ticks_ = 0;
  PictureScanner pictures_;
  SoundScanner sound_;
};

}  // namespace reeld::processing
