// FFmpeg's C objects as owning handles, and its return codes as failures. Every other file of this
// plugin takes libav through here, so that nothing is freed by hand and no code goes unread.
#pragma once
#include <reeld/plugin.hpp>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/frame.h>
#include <libavutil/rational.h>
}

#include <memory>
#include <string>
#include <string_view>

namespace reeld::libav {

using sdk::Failure;

/// The time base of what is told in microseconds.
inline constexpr AVRational Microseconds{1, 1'000'000};

/// Throws INVALID: the file is to blame.
[[noreturn]] inline void invalid(const std::string& sentence) {
  throw Failure(REELD_INVALID, sentence);
}

struct Deleter {
  void operator()(AVFrame* p) const noexcept { av_frame_free(&p); }
  void operator()(AVPacket* p) const noexcept { av_packet_free(&p); }
  void operator()(AVCodecContext* p) const noexcept { avcodec_free_context(&p); }
  void operator()(AVCodecParameters* p) const noexcept { avcodec_parameters_free(&p); }
  void operator()(AVFilterGraph* p) const noexcept { avfilter_graph_free(&p); }
};
using FramePtr = std::unique_ptr<AVFrame, Deleter>;
using PacketPtr = std::unique_ptr<AVPacket, Deleter>;
using CodecPtr = std::unique_ptr<AVCodecContext, Deleter>;
using ParametersPtr = std::unique_ptr<AVCodecParameters, Deleter>;
using GraphPtr = std::unique_ptr<AVFilterGraph, Deleter>;

FramePtr newFrame();
PacketPtr newPacket();
/// A second reference to the same data.
FramePtr shareFrame(const AVFrame& frame);
PacketPtr takePacket(AVPacket& packet);

/// A dictionary of options; what a library did not take stays in it.
class Options {
 public:
  Options() = default;
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  Options& set(const char* key, const std::string& value);
  Options& set(const char* key, std::int64_t value);
  AVDictionary** raw() noexcept { return &dictionary_; }
  /// Throws INTERNAL naming the first option the library did not know.
  void requireAllTaken(const char* by) const;

 private:
  AVDictionary* dictionary_ = nullptr;
};

std::string errorText(int code);
/// Passes a result >= 0 through; otherwise throws `what: reason` (no space left is EXHAUSTED).
int check(int result, std::string_view what);

}  // namespace reeld::libav
