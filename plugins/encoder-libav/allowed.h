// What this encoder agrees to open. Anything that can name another file (playlists, scripts, image
// sequences), needs a network, or has no use in a video library is not here; so a codec with a
// fresh hole in some forgotten game format is out of reach of an upload.
#pragma once
#include <string>
#include <string_view>

extern "C" {
#include <libavcodec/codec_id.h>
}

namespace reeld::libav {

/// Comma-separated, as libavformat's format_whitelist and codec_whitelist want them.
const std::string& allowedDemuxers();
const std::string& allowedDecoders();
/// The decoder's name in libavcodec, or nullptr if streams of this kind are not decoded here.
const char* decoderFor(AVCodecID codec);
/// The same of subtitles that are text.
const char* textDecoderFor(AVCodecID codec);
/// True for formats that are scripts or playlists: they get a sentence of their own.
bool isPlaylist(std::string_view demuxer);

}  // namespace reeld::libav
