#include "cmaf/init_segment.h"

#include "base/error.h"
#include "cmaf/boxes.h"

namespace reeld::cmaf {

namespace {

constexpr std::uint64_t TrackId = 1;
constexpr std::uint64_t Undetermined = 0x55c4;  // "und" in five bits a letter

std::string matrix() {
  return Bytes().u32(0x10000).zeros(12).u32(0x10000).zeros(12).u32(0x40000000).take();
}

std::string fileType() {
  // cmf2: no edit lists; pictures may be shown before the time at which they are decoded.
  return box("ftyp", Bytes().text("cmf2").u32(0).text("iso6cmfccmf2").take());
}

std::string movieHeader(std::int64_t timescale) {
  return fullBox("mvhd", 0, 0,
                 Bytes()
                     .zeros(8)
                     .u32(static_cast<std::uint64_t>(timescale))
                     .u32(0)
                     .u32(0x10000)
                     .u16(0x100)
                     .zeros(10)
                     .text(matrix())
                     .zeros(24)
                     .u32(TrackId + 1)
                     .take());
}

std::string trackHeader(bool has_sound, int width, int height) {
  constexpr unsigned EnabledInMovie = 3;
  return fullBox("tkhd", 0, EnabledInMovie,
                 Bytes()
                     .zeros(8)
                     .u32(TrackId)
                     .zeros(4 + 4 + 8 + 2 + 2)
                     .u16(has_sound ? 0x100 : 0)
                     .zeros(2)
                     .text(matrix())
                     .u32(static_cast<std::uint64_t>(width) << 16U)
                     .u32(static_cast<std::uint64_t>(height) << 16U)
                     .take());
}

std::string mediaHeader(std::int64_t timescale) {
  return fullBox("mdhd", 0, 0,
                 Bytes()
                     .zeros(8)
                     .u32(static_cast<std::uint64_t>(timescale))
                     .u32(0)
                     .u16(Undetermined)
                     .u16(0)
                     .take());
}

std::string handler(std::string_view kind, std::string_view name) {
  return fullBox("hdlr", 0, 0, Bytes().u32(0).text(kind).zeros(12).text(name).u8(0).take());
}

std::string dataInformation() {
  constexpr unsigned SameFile = 1;
  return box("dinf",
             fullBox("dref", 0, 0, Bytes().u32(1).text(fullBox("url ", 0, SameFile, "")).take()));
}

/// Samples come with the fragments: the tables here are empty.
std::string sampleTable(const std::string& entry) {
  return box("stbl", fullBox("stsd", 0, 0, Bytes().u32(1).text(entry).take()) +
                         fullBox("stts", 0, 0, Bytes().u32(0).take()) +
                         fullBox("stsc", 0, 0, Bytes().u32(0).take()) +
                         fullBox("stsz", 0, 0, Bytes().zeros(8).take()) +
                         fullBox("stco", 0, 0, Bytes().u32(0).take()));
}

std::string movie(std::int64_t timescale, const std::string& track_header,
                  const std::string& handler_box, const std::string& media_information) {
  const std::string media =
      box("mdia", mediaHeader(timescale) + handler_box + box("minf", media_information));
  const std::string extends =
      box("mvex", fullBox("trex", 0, 0, Bytes().u32(TrackId).u32(1).zeros(12).take()));
  return fileType() +
         box("moov", movieHeader(timescale) + box("trak", track_header + media) + extends);
}

/// ISO/IEC 14496-15, 5.3.3.1.
std::string avcConfiguration(const PictureTrack& track) {
  constexpr unsigned High = 100;
  const std::string_view sequence = track.sequence_set;
  Bytes bytes;
  bytes.u8(1).text(sequence.substr(1, 3)).u8(0xff);
  bytes.u8(0xe1).u16(sequence.size()).text(sequence);
  bytes.u8(track.picture_sets.size());
  for (const std::string& set : track.picture_sets) {
    bytes.u16(set.size()).text(set);
  }
  if (static_cast<unsigned char>(sequence[1]) == High) {
    bytes.u8(0xfd).u8(0xf8).u8(0xf8).u8(0);  // 4:2:0, eight bits, eight bits
  }
  return box("avcC", bytes.take());
}

/// ISO/IEC 14496-1: descriptors within descriptors, each a tag and its size.
std::string soundDescriptor() {
  const auto descriptor = [](unsigned tag, const std::string& content) {
    return Bytes().u8(tag).u8(content.size()).text(content).take();
  };
  const std::string specific = descriptor(5, Bytes().u16(0x1190).take());  // LC, 48 kHz, stereo
  const std::string decoder =
      descriptor(4, Bytes().u8(0x40).u8(0x15).zeros(3 + 4 + 4).text(specific).take());
  const std::string layer = descriptor(6, Bytes().u8(2).take());
  return fullBox("esds", 0, 0,
                 descriptor(3, Bytes().u16(TrackId).u8(0).text(decoder + layer).take()));
}

}  // namespace

std::string pictureInit(const PictureTrack& track) {
  if (track.sequence_set.size() < 4 || track.picture_sets.empty()) {
    throw Error(ErrorCode::Corrupt, "a stored segment has no parameter sets");
  }
  constexpr std::uint64_t Resolution = 0x480000;  // 72 dots per inch, as everybody writes
  const std::string entry = box("avc1", Bytes()
                                            .zeros(6)
                                            .u16(1)
                                            .zeros(16)
                                            .u16(static_cast<std::uint64_t>(track.width))
                                            .u16(static_cast<std::uint64_t>(track.height))
                                            .u32(Resolution)
                                            .u32(Resolution)
                                            .zeros(4)
                                            .u16(1)
                                            .zeros(32)
                                            .u16(24)
                                            .u16(0xffff)
                                            .text(avcConfiguration(track))
                                            .take());
  constexpr unsigned NoLeanAhead = 1;
  const std::string information = fullBox("vmhd", 0, NoLeanAhead, Bytes().zeros(8).take()) +
                                  dataInformation() + sampleTable(entry);
  return movie(track.timescale, trackHeader(false, track.width, track.height),
               handler("vide", "pictures"), information);
}

std::string soundInit() {
  const std::string entry = box("mp4a", Bytes()
                                            .zeros(6)
                                            .u16(1)
                                            .zeros(8)
                                            .u16(2)
                                            .u16(16)
                                            .zeros(4)
                                            .u32(std::uint64_t{SoundRate} << 16U)
                                            .text(soundDescriptor())
                                            .take());
  const std::string information =
      fullBox("smhd", 0, 0, Bytes().zeros(4).take()) + dataInformation() + sampleTable(entry);
  return movie(SoundRate, trackHeader(true, 0, 0), handler("soun", "sound"), information);
}

}  // namespace reeld::cmaf
