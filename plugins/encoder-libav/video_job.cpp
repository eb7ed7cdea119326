// See video_job.h.
#include "video_job.h"

#include "codecs_string.h"
#include "jpeg.h"
#include "origin.h"

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

constexpr AVRational Microseconds{1, 1'000'000};
constexpr std::chrono::milliseconds Nap{50};
// Sound this far behind the picture is taken for missing: finished segments wait for it in memory.
constexpr double MostSoundLagSeconds = 60;
// Sound that outlasts the picture by more than this is worth a still picture; less is the usual
// slack.
constexpr double SoundTailSeconds = 1;
constexpr int PosterShortSide = 720;

std::vector<Size> sizesOf(const std::vector<RungSpec>& rungs) {
  std::vector<Size> sizes;
  for (const RungSpec& rung : rungs) {
    sizes.push_back({rung.width, rung.height});
  }
  return sizes;
}

// The cascade scales down step by step, so it needs the largest first.
std::vector<RungSpec> largestFirst(std::vector<RungSpec> rungs) {
  std::stable_sort(rungs.begin(), rungs.end(), [](const RungSpec& a, const RungSpec& b) {
    return std::int64_t{a.width} * a.height > std::int64_t{b.width} * b.height;
  });
  return rungs;
}

// The largest that is no larger than a page shows a poster, or the smallest; sizes are largest
// first.
std::size_t posterRung(const std::vector<Size>& rungs) {
  const auto fits = [](Size size) { return std::min(size.width, size.height) <= PosterShortSide; };
  const auto found = std::find_if(rungs.begin(), rungs.end(), fits);
  return found == rungs.end() ? rungs.size() - 1 : static_cast<std::size_t>(found - rungs.begin());
}

std::int64_t expectedFrames(const Source& source, AVRational fps) {
  const AVStream& video = *source.video();
  std::int64_t us = AV_NOPTS_VALUE;
  if (video.duration > 0) {
    us = av_rescale_q(video.duration, video.time_base, Microseconds);
  } else if (source.format().duration > 0) {
    us = source.format().duration;
  }
  return us == AV_NOPTS_VALUE ? 0 : av_rescale_q(us, Microseconds, av_inv_q(fps));
}

}  // namespace

VideoJob::VideoJob(const Spec& spec, Source& source, const Control& control,
                   const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      control_(control),
      directory_(directory),
      sink_(sink),
      decoder_(*source.video(), spec.threads, spec.limits.max_pixels),
      grid_(spec.fps),
      graph_(sizesOf(largestFirst(spec.rungs)), source.orientation(), spec.fps, spec.threads),
      poster_(spec.fps),
      poster_rung_(posterRung(sizesOf(largestFirst(spec.rungs)))),
      aspect_(source.sampleAspect()),
      interlaced_(source.video()->codecpar->field_order > AV_FIELD_PROGRESSIVE),
      expected_frames_(expectedFrames(source, spec.fps)) {
  for (RungSpec& rung : largestFirst(spec.rungs)) {
    rungs_.push_back({std::move(rung), nullptr, std::nullopt});
  }
  std::vector<const AVStream*> used{source.video()};
  std::optional<std::int64_t> sound_start;
  if (spec.audio) {
    const AVStream* stream = source.stream(spec.audio->stream);
    if (stream == nullptr || stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) {
      throw Failure(REELD_INVALID, "task /audio/stream names no sound of this source")
          .at("/audio/stream");
    }
    sound_.emplace(*stream, *spec.audio, spec.limits.max_pixels);
    used.push_back(stream);
    sound_start = Source::startUs(*stream);
  }
  source_.useOnly(used);
  origin_us_ = titleStartUs(Source::startUs(*source.video()), sound_start, spec.fps);
}

Report VideoJob::run() {
  readAll();
  finishPictures();
  finishSound();
  for (pump(); !std::all_of(rungs_.begin(), rungs_.end(),
                            [](const Rung& rung) { return rung.segmenter->published(); });
       pump()) {
    wait();
  }
  return report();
}

void VideoJob::readAll() {
  const auto on_frame = [this](AVFrame& frame) { take(frame); };
  const PacketPtr packet = newPacket();
  while (!range_done_ && source_.read(*packet)) {
    if (packet->stream_index == source_.video()->index) {
      decoder_.decode(packet.get(), on_frame);
    } else if (sound_) {
      if (!origin_us_) {
        origin_us_ = av_rescale_q(packet->pts == AV_NOPTS_VALUE ? 0 : packet->pts,
                                  sound_->stream().time_base, Microseconds);
      }
      sound_->decode(packet.get(), *origin_us_);
    }
    pump();
  }
  if (!range_done_) {
    decoder_.decode(nullptr, on_frame);
    if (sound_) {
      sound_->decode(nullptr, origin_us_.value_or(0));
    }
  }
}

void VideoJob::take(AVFrame& frame) {
  const AVRational time_base = source_.video()->time_base;
  if (frame.pts == AV_NOPTS_VALUE) {
    const std::int64_t step = av_rescale_q(1, av_inv_q(spec_.fps), time_base);
    frame.pts = first_time_ ? last_time_ + step + av_rescale_q(*origin_us_, Microseconds, time_base)
                            : av_rescale_q(origin_us_.value_or(0), Microseconds, time_base);
  }
  if (!origin_us_) {
    origin_us_ = av_rescale_q(frame.pts, time_base, Microseconds);
  }
  const std::int64_t time = frame.pts - av_rescale_q(*origin_us_, Microseconds, time_base);
  if (!first_time_) {
    first_time_ = time;
  }
  last_time_ = time;
  last_duration_ = frame.pkt_duration;
  const auto run = grid_.place(*first_time_, time - *first_time_, time_base);
  if (run) {
    emit(*run);
  }
  interlaced_ = interlaced_ || frame.interlaced_frame != 0;
  held_picture_ = pictureOf(frame, aspect_);
  held_picture_.interlaced = interlaced_;
  held_ = shareFrame(frame);
}

void VideoJob::emit(SlotRun run) {
  const std::int64_t most =
      av_rescale_q(spec_.limits.max_duration_ms, {1, 1000}, av_inv_q(spec_.fps));
  if (run.first + run.count > most) {
    throw Failure(REELD_INVALID, "the video is longer than the limit of " +
                                     std::to_string(spec_.limits.max_duration_ms / 60'000) +
                                     " minutes");
  }
  const std::int64_t first = std::max(run.first, spec_.firstFrame());
  std::int64_t end = run.first + run.count;
  if (const auto range_end = spec_.endFrame()) {
    range_done_ = end >= *range_end;
    end = std::min(end, *range_end);
  }
  if (first < end && held_) {
    graph_.filter(*held_, held_picture_, {first, end - first},
                  [this](SlotRun shown, std::vector<FramePtr>& frames) { encode(shown, frames); });
  }
  held_.reset();
  tellProgress();
}

void VideoJob::openRungs() {
  const ColourTags colours = outputTags(held_picture_);
  const AVCodecParameters* audio = sound_ ? &sound_->encoder().parameters() : nullptr;
  for (Rung& rung : rungs_) {
    rung.encoder = std::make_unique<RungEncoder>(rung.spec, spec_, colours, wakeup_);
    rung.segmenter.emplace(
        spec_, RenditionWriter(rung.spec.name, spec_, directory_, sink_,
                               TsMuxer(&rung.encoder->parameters(), av_inv_q(spec_.fps), audio)));
  }
}

void VideoJob::encode(SlotRun run, std::vector<FramePtr>& frames) {
  if (!rungs_.front().encoder) {
    openRungs();
  }
  considerPoster(run, frames);
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    while (!rungs_[i].encoder->offer(frames[i], run)) {
      pump();
      wait();
    }
  }
}

void VideoJob::considerPoster(SlotRun run, const std::vector<FramePtr>& frames) {
  if (spec_.poster && !poster_written_ && poster_.consider(*frames[poster_rung_], run)) {
    writePoster();
  }
}

void VideoJob::writePoster() {
  poster_written_ = true;
  FramePtr frame = shareFrame(*poster_.best());
  frame->colorspace = outputTags(held_picture_).matrix;
  directory_.write("poster.jpg", encodeJpeg(*frame, frame->width, frame->height));
  sink_.artifact("poster", "poster.jpg");
}

void VideoJob::finishPictures() {
  if (!range_done_) {
    const std::int64_t shown = std::clamp<std::int64_t>(
        av_rescale_q(last_duration_, source_.video()->time_base, av_inv_q(spec_.fps)), 1,
        std::max<std::int64_t>(
            1, av_rescale_q(spec_.limits.max_gap_ms, {1, 1000}, av_inv_q(spec_.fps))));
    std::int64_t end = grid_.due() + shown;
    if (sound_) {
      const std::int64_t heard =
          av_rescale_q(sound_->encoder().heard(), {1, AudioRate}, av_inv_q(spec_.fps));
      const auto slack = static_cast<std::int64_t>(SoundTailSeconds * av_q2d(spec_.fps));
      end = heard > end + slack ? heard : end;
    }
    if (const auto last = grid_.finish(end)) {
      emit(*last);
    }
  }
  graph_.finish([this](SlotRun shown, std::vector<FramePtr>& frames) { encode(shown, frames); });
  if (!rungs_.front().encoder) {
    if (decoder_.frames() == 0) {
      throw Failure(
          REELD_INVALID,
          "the file has no picture that can be decoded; it may be incomplete: export it again");
    }
    throw Failure(REELD_INVALID, "the task begins after the end of the video");
  }
  for (Rung& rung : rungs_) {
    rung.encoder->finish();
  }
  if (spec_.poster && !poster_written_ && poster_.best() != nullptr) {
    writePoster();
  }
}

void VideoJob::finishSound() {
  if (!sound_) {
    return;
  }
  const std::int64_t end =
      spec_.endFrame() ? std::min(*spec_.endFrame(), grid_.next()) : grid_.next();
  sound_->fillTo(sampleAt(end));
  sound_->finish();
}

void VideoJob::pump() {
  if (!rungs_.front().encoder) {
    return;
  }
  if (sound_) {
    const auto lag = static_cast<std::int64_t>(MostSoundLagSeconds * AudioRate);
    sound_->fillTo(sampleAt(grid_.next()) - lag);
  }
  std::int64_t open_from = grid_.next();
  for (Rung& rung : rungs_) {
    const bool last = rung.encoder->done();  // asked before take(): what is taken then is the rest
    for (PacketPtr& packet : rung.encoder->take()) {
      rung.segmenter->add(std::move(packet));
    }
    if (last) {
      rung.segmenter->finish(!range_done_);
    }
    rung.segmenter->publish(sound_ ? &sound_->track() : nullptr);
    open_from = std::min(open_from, rung.segmenter->openFrom());
  }
  if (sound_ && open_from > 0) {
    sound_->track().forgetBefore(sampleAt(open_from));
  }
}

void VideoJob::wait() {
  wakeup_.wait(Nap);
  control_.check();
}

std::int64_t VideoJob::sampleAt(std::int64_t frame) const {
  return av_rescale_q_rnd(frame, av_inv_q(spec_.fps), {1, AudioRate}, AV_ROUND_NEAR_INF);
}

void VideoJob::tellProgress() {
  std::int64_t end = expected_frames_;
  if (const auto range_end = spec_.endFrame()) {
    end = end > 0 ? std::min(end, *range_end) : *range_end;
  }
  const std::int64_t all = end - spec_.firstFrame();
  const std::int64_t done = grid_.next() - spec_.firstFrame();
  if (all <= 0 || done <= 0) {
    return;
  }
  const auto permille = static_cast<std::uint32_t>(std::min<std::int64_t>(999, done * 1000 / all));
  if (permille > told_permille_) {
    told_permille_ = permille;
    sink_.progress(permille);
  }
}

bool VideoJob::endsEarly() const {
  // A container without a length per stream counts the sound, too.
  const std::int64_t heard =
      sound_ ? av_rescale_q(sound_->encoder().heard(), {1, AudioRate}, av_inv_q(spec_.fps)) : 0;
  const std::int64_t reached = std::max(grid_.next(), heard);
  const std::int64_t second = av_rescale_q(1, {1, 1}, av_inv_q(spec_.fps));
  return !range_done_ && reached < expected_frames_ * 9 / 10 - second;
}

Report VideoJob::report() const {
  Report made;
  made.decode_errors = decoder_.errors() + source_.readErrors() + (sound_ ? sound_->errors() : 0);
  made.damaged = made.decode_errors > 0 || source_.repairs() > 0 || endsEarly();
  for (const RungSpec& wanted : spec_.rungs) {  // in the task's own order
    for (const Rung& rung : rungs_) {
      if (rung.spec.name != wanted.name) {
        continue;
      }
      const AVCodecParameters& video = rung.encoder->parameters();
      const std::string avc =
          avcCodec({video.extradata, static_cast<std::size_t>(video.extradata_size)});
      const RenditionWriter& written = rung.segmenter->writer();
      made.renditions.push_back({wanted.name, wanted.width, wanted.height,
                                 sound_ ? avc + "," + AacCodec : avc, written.segments(),
                                 written.frames()});
      made.frames = static_cast<std::int64_t>(written.frames());
    }
  }
  return made;
}

}  // namespace reeld::libav
