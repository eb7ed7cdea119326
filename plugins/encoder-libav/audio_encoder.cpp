// See audio_encoder.h. aresample with async=1 keeps the time line: it fills and trims by time
// stamps.
#include "audio_encoder.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <libavutil/samplefmt.h>
}

namespace reeld::libav {
namespace {

constexpr AVRational Sample{1, AudioRate};
constexpr int SilenceSamples = 4096;

bool sameShape(const AVFrame& a, const AVFrame& b) {
  return a.format == b.format && a.sample_rate == b.sample_rate &&
         av_channel_layout_compare(&a.ch_layout, &b.ch_layout) == 0;
}

FramePtr silence(const AVFrame& like, int samples) {
  FramePtr frame = newFrame();
  frame->format = like.format;
  frame->sample_rate = like.sample_rate;
  frame->nb_samples = samples;
  check(av_channel_layout_copy(&frame->ch_layout, &like.ch_layout), "copying a channel layout");
  check(av_frame_get_buffer(frame.get(), 0), "making silence");
  check(av_samples_set_silence(frame->extended_data, 0, samples, frame->ch_layout.nb_channels,
                               static_cast<AVSampleFormat>(frame->format)),
        "making silence");
  return frame;
}

float peakOf(const AVFrame& block) {
  float peak = 0;
  for (int channel = 0; channel < block.ch_layout.nb_channels; ++channel) {
    const auto* samples = reinterpret_cast<const float*>(block.extended_data[channel]);
    for (int i = 0; i < block.nb_samples; ++i) {
      peak = std::max(peak, std::abs(samples[i]));
    }
  }
  return std::min(peak, 1.0F);
}

AVFilterContext* append(AVFilterGraph& graph, const char* type, const char* arguments,
                        AVFilterContext* after) {
  AVFilterContext* made = nullptr;
  check(avfilter_graph_create_filter(&made, avfilter_get_by_name(type), nullptr, arguments, nullptr,
                                     &graph),
        std::string("making filter ") + type);
  if (after != nullptr) {
    check(avfilter_link(after, 0, made, 0), std::string("linking filter ") + type);
  }
  return made;
}

}  // namespace

AudioEncoder::AudioEncoder(std::int64_t bitrate) { open(bitrate); }

void AudioEncoder::open(std::int64_t bitrate) {
  const AVCodec* codec = avcodec_find_encoder_by_name("aac");
  if (codec == nullptr) {
    throw Failure(REELD_UNSUPPORTED, "this FFmpeg was built without an AAC encoder");
  }
  codec_.reset(avcodec_alloc_context3(codec));
  if (!codec_) {
    throw std::bad_alloc();
  }
  codec_->sample_fmt = AV_SAMPLE_FMT_FLTP;
  codec_->sample_rate = AudioRate;
  codec_->time_base = Sample;
  codec_->bit_rate = bitrate;
  codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&codec_->ch_layout, 2);
  check(avcodec_open2(codec_.get(), codec, nullptr), "opening the AAC encoder");
  blocks_.reset(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, 2, 4 * codec_->frame_size));
  if (!blocks_) {
    throw std::bad_alloc();
  }
  parameters_.reset(avcodec_parameters_alloc());
  if (!parameters_) {
    throw std::bad_alloc();
  }
  check(avcodec_parameters_from_context(parameters_.get(), codec_.get()),
        "reading AAC's parameters");
}

void AudioEncoder::build(const AVFrame& frame) {
  graph_.reset(avfilter_graph_alloc());
  if (!graph_) {
    throw std::bad_alloc();
  }
  graph_->nb_threads = 1;
  char layout[128];
  check(av_channel_layout_describe(&frame.ch_layout, layout, sizeof layout),
        "reading a channel layout");
  char source[320];
  std::snprintf(source, sizeof source,
                "sample_rate=%d:sample_fmt=%s:channel_layout=%s:time_base=1/%d", frame.sample_rate,
                av_get_sample_fmt_name(static_cast<AVSampleFormat>(frame.format)), layout,
                frame.sample_rate);
  input_ = append(*graph_, "abuffer", source, nullptr);
  AVFilterContext* heard = input_;
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    // Nobody knows what 45 channels mean (a damaged stream may claim them): the first two are
    // heard.
    heard = append(*graph_, "pan", "stereo|c0=c0|c1=c1", heard);
  }
  // A source that changes its format in mid-stream goes on where the resampler before it ended.
  const std::int64_t start = av_rescale_q(made_, Sample, {1, frame.sample_rate});
  char resample[160];
  std::snprintf(resample, sizeof resample, "osr=%d:ochl=stereo:osf=fltp:async=1:first_pts=%lld",
                AudioRate, static_cast<long long>(start));
  AVFilterContext* resampler = append(*graph_, "aresample", resample, heard);
  AVFilterContext* format = append(
      *graph_, "aformat", "sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo", resampler);
  output_ = append(*graph_, "abuffersink", nullptr, format);
  if (avfilter_graph_config(graph_.get(), nullptr) < 0) {
    throw Failure(REELD_INVALID, std::string("its sound (") + layout + ", " +
                                     std::to_string(frame.sample_rate) +
                                     " Hz) cannot be converted: export it with stereo sound");
  }
  shape_ = silence(frame, 1);
}

void AudioEncoder::add(AVFrame& frame, std::int64_t time, AudioTrack& track) {
  if (frame.sample_rate <= 0 || frame.nb_samples <= 0) {
    return;
  }
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    const int channels = frame.ch_layout.nb_channels;
    av_channel_layout_uninit(&frame.ch_layout);
    av_channel_layout_default(&frame.ch_layout, channels);
  }
  if (!shape_ || !sameShape(*shape_, frame)) {
    endGraph(track);
    build(frame);
  }
  frame.pts = time;
  heard_ = std::max(heard_, av_rescale_q(time + frame.nb_samples, {1, frame.sample_rate}, Sample));
  push(&frame, track);
}

void AudioEncoder::fillTo(std::int64_t sample, AudioTrack& track) {
  if (sample <= heard_) {
    return;
  }
  if (!shape_) {
    FramePtr plain = newFrame();
    plain->format = AV_SAMPLE_FMT_FLTP;
    plain->sample_rate = AudioRate;
    av_channel_layout_default(&plain->ch_layout, 2);
    build(*plain);
  }
  const AVRational own{1, shape_->sample_rate};
  while (heard_ < sample) {
    const std::int64_t from = av_rescale_q(heard_, Sample, own);
    const std::int64_t missing = av_rescale_q_rnd(sample, Sample, own, AV_ROUND_UP) - from;
    if (missing <= 0) {
      heard_ = sample;
      return;
    }
    FramePtr frame =
        silence(*shape_, static_cast<int>(std::min<std::int64_t>(missing, SilenceSamples)));
    frame->pts = from;
    heard_ = std::max(heard_ + 1, av_rescale_q(from + frame->nb_samples, own, Sample));
    push(frame.get(), track);
  }
}

void AudioEncoder::push(AVFrame* frame, AudioTrack& track) {
  check(av_buffersrc_add_frame_flags(input_, frame, 0), "resampling sound");
  for (;;) {
    FramePtr block = newFrame();
    const int got = av_buffersink_get_frame(output_, block.get());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) {
      return;
    }
    check(got, "resampling sound");
    made_ += block->nb_samples;
    check(av_audio_fifo_write(blocks_.get(), reinterpret_cast<void**>(block->extended_data),
                              block->nb_samples),
          "collecting sound");
    while (av_audio_fifo_size(blocks_.get()) >= codec_->frame_size) {
      encodeBlock(codec_->frame_size, track);
    }
  }
}

void AudioEncoder::encodeBlock(int samples, AudioTrack& track) {
  FramePtr block = newFrame();
  block->format = AV_SAMPLE_FMT_FLTP;
  block->sample_rate = AudioRate;
  block->nb_samples = samples;
  check(av_channel_layout_copy(&block->ch_layout, &codec_->ch_layout), "copying a channel layout");
  check(av_frame_get_buffer(block.get(), 0), "making a block of sound");
  check(av_audio_fifo_read(blocks_.get(), reinterpret_cast<void**>(block->extended_data), samples),
        "collecting sound");
  // The resampler's output is unbroken, so counting is exact where its time stamps are rounded.
  peaks_.push_back(peakOf(*block));
  block->pts = encoded_;
  encoded_ += samples;
  encode(block.get(), track);
}

void AudioEncoder::endGraph(AudioTrack& track) {
  if (graph_) {
    push(nullptr, track);
    graph_.reset();
  }
}

void AudioEncoder::finish(AudioTrack& track) {
  endGraph(track);
  if (const int rest = av_audio_fifo_size(blocks_.get()); rest > 0) {
    encodeBlock(rest, track);
  }
  encode(nullptr, track);
  track.close();
}

void AudioEncoder::encode(AVFrame* frame, AudioTrack& track) {
  check(avcodec_send_frame(codec_.get(), frame), "encoding sound");
  for (;;) {
    PacketPtr packet = newPacket();
    const int got = avcodec_receive_packet(codec_.get(), packet.get());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) {
      return;
    }
    check(got, "encoding sound");
    track.add(std::move(packet));
  }
}

}  // namespace reeld::libav
