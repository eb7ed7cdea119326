// The lists; see allowed.h. Codecs carry the decoder's own name because several decoders may exist
// for one codec (hardware, external libraries) and only these are meant.
#include "allowed.h"

namespace reeld::libav {
namespace {

struct Allowed {
  AVCodecID codec;
  const char* decoder;
};

constexpr Allowed Decoders[] = {
    // video
    {AV_CODEC_ID_H264, "h264"},
    {AV_CODEC_ID_HEVC, "hevc"},
    {AV_CODEC_ID_AV1, "libdav1d"},
    {AV_CODEC_ID_VP9, "vp9"},
    {AV_CODEC_ID_VP8, "vp8"},
    {AV_CODEC_ID_VP6F, "vp6f"},
    {AV_CODEC_ID_MPEG4, "mpeg4"},
    {AV_CODEC_ID_MPEG2VIDEO, "mpeg2video"},
    {AV_CODEC_ID_MPEG1VIDEO, "mpeg1video"},
    {AV_CODEC_ID_MSMPEG4V2, "msmpeg4v2"},
    {AV_CODEC_ID_MSMPEG4V3, "msmpeg4"},
    {AV_CODEC_ID_WMV1, "wmv1"},
    {AV_CODEC_ID_WMV2, "wmv2"},
    {AV_CODEC_ID_WMV3, "wmv3"},
    {AV_CODEC_ID_VC1, "vc1"},
    {AV_CODEC_ID_H263, "h263"},
    {AV_CODEC_ID_FLV1, "flv"},
    {AV_CODEC_ID_THEORA, "theora"},
    {AV_CODEC_ID_MJPEG, "mjpeg"},
    {AV_CODEC_ID_PRORES, "prores"},
    {AV_CODEC_ID_DNXHD, "dnxhd"},
    {AV_CODEC_ID_CFHD, "cfhd"},
    {AV_CODEC_ID_DVVIDEO, "dvvideo"},
    {AV_CODEC_ID_FFV1, "ffv1"},
    {AV_CODEC_ID_HUFFYUV, "huffyuv"},
    {AV_CODEC_ID_UTVIDEO, "utvideo"},
    {AV_CODEC_ID_QTRLE, "qtrle"},
    {AV_CODEC_ID_RAWVIDEO, "rawvideo"},
    {AV_CODEC_ID_PNG, "png"},
    {AV_CODEC_ID_GIF, "gif"},
    // audio
    {AV_CODEC_ID_AAC, "aac"},
    {AV_CODEC_ID_MP3, "mp3float"},
    {AV_CODEC_ID_MP2, "mp2float"},
    {AV_CODEC_ID_OPUS, "opus"},
    {AV_CODEC_ID_VORBIS, "vorbis"},
    {AV_CODEC_ID_FLAC, "flac"},
    {AV_CODEC_ID_ALAC, "alac"},
    {AV_CODEC_ID_AC3, "ac3"},
    {AV_CODEC_ID_EAC3, "eac3"},
    {AV_CODEC_ID_DTS, "dca"},
    {AV_CODEC_ID_TRUEHD, "truehd"},
    {AV_CODEC_ID_WMAV1, "wmav1"},
    {AV_CODEC_ID_WMAV2, "wmav2"},
    {AV_CODEC_ID_WMAPRO, "wmapro"},
    {AV_CODEC_ID_AMR_NB, "amrnb"},
    {AV_CODEC_ID_AMR_WB, "amrwb"},
    {AV_CODEC_ID_ADPCM_MS, "adpcm_ms"},
    {AV_CODEC_ID_ADPCM_IMA_WAV, "adpcm_ima_wav"},
    {AV_CODEC_ID_ADPCM_IMA_QT, "adpcm_ima_qt"},
    {AV_CODEC_ID_PCM_U8, "pcm_u8"},
    {AV_CODEC_ID_PCM_S8, "pcm_s8"},
    {AV_CODEC_ID_PCM_S16LE, "pcm_s16le"},
    {AV_CODEC_ID_PCM_S16BE, "pcm_s16be"},
    {AV_CODEC_ID_PCM_S24LE, "pcm_s24le"},
    {AV_CODEC_ID_PCM_S24BE, "pcm_s24be"},
    {AV_CODEC_ID_PCM_S32LE, "pcm_s32le"},
    {AV_CODEC_ID_PCM_S32BE, "pcm_s32be"},
    {AV_CODEC_ID_PCM_F32LE, "pcm_f32le"},
    {AV_CODEC_ID_PCM_F32BE, "pcm_f32be"},
    {AV_CODEC_ID_PCM_F64LE, "pcm_f64le"},
    {AV_CODEC_ID_PCM_ALAW, "pcm_alaw"},
    {AV_CODEC_ID_PCM_MULAW, "pcm_mulaw"},
    {AV_CODEC_ID_PCM_BLURAY, "pcm_bluray"},
    {AV_CODEC_ID_PCM_DVD, "pcm_dvd"},
};

constexpr Allowed TextDecoders[] = {
    {AV_CODEC_ID_SUBRIP, "subrip"},     {AV_CODEC_ID_ASS, "ass"},       {AV_CODEC_ID_SSA, "ass"},
    {AV_CODEC_ID_MOV_TEXT, "mov_text"}, {AV_CODEC_ID_WEBVTT, "webvtt"}, {AV_CODEC_ID_TEXT, "text"},
};

// Demuxers by one of their names; libavformat matches any name of a demuxer's list.
constexpr std::string_view Demuxers[] = {
    "mov", "matroska", "mpegts", "mpeg", "avi", "flv",  "asf", "ogg", "mxf",  "dv",  "gif", "ivf",
    "mp3", "aac",      "flac",   "wav",  "w64", "aiff", "caf", "ac3", "eac3", "amr", "au"};

constexpr std::string_view Playlists[] = {
    "hls",       "concat", "dash", "sdp", "rtsp", "imf", "image2", "lavfi", "webm_dash_manifest",
    "ffmetadata"};

std::string join(const auto& list, auto name) {
  std::string text;
  for (const auto& entry : list) {
    text += text.empty() ? "" : ",";
    text += name(entry);
  }
  return text;
}

}  // namespace

const std::string& allowedDemuxers() {
  static const std::string list = join(Demuxers, [](std::string_view name) { return name; });
  return list;
}

const std::string& allowedDecoders() {
  static const std::string list = join(Decoders, [](const Allowed& a) { return a.decoder; });
  return list;
}

const char* decoderFor(AVCodecID codec) {
  for (const Allowed& allowed : Decoders) {
    if (allowed.codec == codec) {
      return allowed.decoder;
    }
  }
  return nullptr;
}

const char* textDecoderFor(AVCodecID codec) {
  for (const Allowed& allowed : TextDecoders) {
    if (allowed.codec == codec) {
      return allowed.decoder;
    }
  }
  return nullptr;
}

bool isPlaylist(std::string_view demuxer) {
  for (const std::string_view name : Playlists) {
    if (demuxer == name) {
      return true;
    }
  }
  return false;
}

}  // namespace reeld::libav
