// See rung_encoder.h.
#include "rung_encoder.h"

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/opt.h>
}

namespace reeld::libav {
namespace {

// Enough to keep x264 busy while the reader waits for another rung; its own lookahead holds many
// more.
constexpr std::size_t QueuedFrames = 8;
// More threads than this per encoder cost CPU and memory and win nothing (encoding.md, section 1).
constexpr int MostThreads = 4;

}  // namespace

RungEncoder::RungEncoder(const RungSpec& rung, const Spec& spec, const ColourTags& colours,
                         Wakeup& wakeup)
    : spec_(spec), wakeup_(wakeup) {
  open(rung, spec, colours);
  thread_ = std::thread([this] { work(); });
}

RungEncoder::~RungEncoder() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void RungEncoder::open(const RungSpec& rung, const Spec& spec, const ColourTags& colours) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (codec == nullptr) {
    throw Failure(REELD_UNSUPPORTED, "this FFmpeg was built without libx264");
  }
  codec_.reset(avcodec_alloc_context3(codec));
  if (!codec_) {
    throw std::bad_alloc();
  }
  codec_->width = rung.width;
  codec_->height = rung.height;
  codec_->pix_fmt = AV_PIX_FMT_YUV420P;
  codec_->time_base = av_inv_q(spec.fps);
  codec_->framerate = spec.fps;
  codec_->sample_aspect_ratio = {1, 1};
  codec_->color_range = AVCOL_RANGE_MPEG;
  codec_->colorspace = colours.matrix;
  codec_->color_primaries = colours.primaries;
  codec_->color_trc = colours.transfer;
  codec_->gop_size = spec.segment_frames;
  codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
  codec_->thread_count = std::min(spec.threads, MostThreads);
  codec_->rc_max_rate = rung.maxrate;
  codec_->rc_buffer_size = static_cast<int>(rung.bufsize);
  Options options;
  options.set("preset", spec.preset)
      .set("crf", std::to_string(rung.crf))
      .set("profile", rung.profile)
      .set("forced-idr", 1);
  const int opened = avcodec_open2(codec_.get(), codec, options.raw());
  if (opened == AVERROR(EINVAL) || opened == AVERROR_EXTERNAL) {
    throw Failure(REELD_UNSUPPORTED, "x264 refuses the settings of rung " + rung.name +
                                         " (preset " + spec.preset + ", profile " + rung.profile +
                                         ")");
  }
  check(opened, "opening x264 for rung " + rung.name);
  options.requireAllTaken("libx264");
  parameters_.reset(avcodec_parameters_alloc());
  if (!parameters_) {
    throw std::bad_alloc();
  }
  check(avcodec_parameters_from_context(parameters_.get(), codec_.get()),
        "reading x264's parameters");
}

bool RungEncoder::offer(FramePtr& frame, SlotRun run) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    if (queue_.size() >= QueuedFrames) {
      return false;
    }
    queue_.push_back({std::move(frame), run});
  }
  changed_.notify_one();
  return true;
}

void RungEncoder::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  changed_.notify_one();
}

std::vector<PacketPtr> RungEncoder::take() {
  const std::lock_guard lock(mutex_);
  if (failure_) {
    std::rethrow_exception(failure_);
  }
  return std::exchange(made_, {});
}

bool RungEncoder::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

void RungEncoder::work() {
  // The thread's own end of the line: what went wrong is kept and rethrown to the reading thread.
  try {
    encodeAll();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wakeup_.ring();
}

std::optional<RungEncoder::Job> RungEncoder::next() {
  std::optional<Job> job;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !queue_.empty() || finishing_ || abandoned_; });
    if (abandoned_ || queue_.empty()) {
      return std::nullopt;
    }
    job = std::move(queue_.front());
    queue_.pop_front();
  }
  wakeup_.ring();
  return job;
}

void RungEncoder::encodeAll() {
  while (std::optional<Job> job = next()) {
    for (std::int64_t slot = job->run.first; slot < job->run.first + job->run.count; ++slot) {
      job->frame->pts = slot;
      job->frame->pict_type = spec_.startsSegment(slot) ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
      encode(job->frame.get());
      // Captions and the like belong to the first showing only.
      while (job->frame->nb_side_data > 0) {
        av_frame_remove_side_data(job->frame.get(), job->frame->side_data[0]->type);
      }
      if (abandoned()) {
        return;
      }
    }
  }
  if (!abandoned()) {
    encode(nullptr);
  }
}

bool RungEncoder::abandoned() const {
  const std::lock_guard lock(mutex_);
  return abandoned_;
}

void RungEncoder::encode(AVFrame* frame) {
  check(avcodec_send_frame(codec_.get(), frame), "encoding a frame");
  for (;;) {
    PacketPtr packet = newPacket();
    const int got = avcodec_receive_packet(codec_.get(), packet.get());
    if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) {
      return;
    }
    check(got, "encoding a frame");
    packet->duration = 1;  // libx264 leaves it out; the time base is one frame
    {
      const std::lock_guard lock(mutex_);
      made_.push_back(std::move(packet));
    }
    wakeup_.ring();
  }
}

}  // namespace reeld::libav
