#include "api/subtitle_files.h"

#include "api/memory_file.h"
#include "base/error.h"
#include "webvtt/cue_sheet.h"

#include <array>

namespace reeld::api {

namespace {

/// RFC 8216, section 3.5: what the start of the title is on the clock of the pictures.
const char* headOf(CueClock clock) {
  switch (clock) {
    case CueClock::TransportStream:
      return "X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n";
    case CueClock::Cmaf:
      return "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";
    case CueClock::None:
      return "";
  }
  return "";
}

/// A stored track has a key of its own for ever, and so has what is made of it.
std::string subtitleKey(const SubtitleFiles::Wanted& wanted) {
  return std::to_string(static_cast<int>(wanted.clock)) + "/" +
         (wanted.piece ? std::to_string(*wanted.piece) : "all") + "/" + wanted.track.storage_key;
}

std::string fileOf(const std::string& stored, const playback::Media& media,
                   const SubtitleFiles::Wanted& wanted) {
  const auto pieces = playback::subtitlePieces(media);
  const std::int64_t title_ms = pieces.empty() ? 0 : pieces.back().to_us / 1000;
  webvtt::Stretch stretch{0, title_ms};
  if (wanted.piece) {
    const auto& piece = pieces.at(*wanted.piece);
    stretch = {piece.from_us / 1000, piece.to_us / 1000};
  }
  try {
    return webvtt::CueSheet::parse(stored).print(stretch, title_ms, headOf(wanted.clock));
  } catch (const Error& error) {
    throw Error(ErrorCode::Corrupt, wanted.track.storage_key + " is damaged: " + error.what());
  }
}

}  // namespace

std::string SubtitleFiles::read(const std::string& key) const {
  std::string bytes;
  const auto reader = storage_.open(key, 0, 0);
  std::array<char, 64 * 1024> buffer;
  while (const std::size_t size = reader->read(buffer.data(), buffer.size())) {
    if (bytes.size() + size > MostBytes) {
      throw Error(ErrorCode::Corrupt, key + " is larger than any that was made");
    }
    bytes.append(buffer.data(), size);
  }
  return bytes;
}

std::shared_ptr<const http::OpenFile> SubtitleFiles::find(const Wanted& wanted) {
  return cache_.find(subtitleKey(wanted));
}

std::shared_ptr<const http::OpenFile> SubtitleFiles::load(const playback::Media& media,
                                                          const Wanted& wanted) {
  try {
    return cache_.load(subtitleKey(wanted), [&] {
      MemoryFile file;
      file.append(fileOf(read(wanted.track.storage_key), media, wanted));
      return file.release();
    });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) {
      throw;
    }
    return nullptr;
  }
}

}  // namespace reeld::api
