// See video_job.h.
#include "video_job.h"

#include "jpeg.h"
#include "origin.h"
#include "range_start.h"

#include <algorithm>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
#include <libavutil/parseutils.h>
}

namespace reeld::libav {
namespace {

// The largest that is no larger than a page shows a poster, or the smallest; sizes are largest
// first.
std::size_t posterRung(const std::vector<Size>& rungs) {
  const auto fits = [](Size size) { return std::min(size.width, size.height) <= PosterShortSide; };
  const auto found = std::find_if(rungs.begin(), rungs.end(), fits);
  return found == rungs.end() ? rungs.size() - 1 : static_cast<std::size_t>(found - rungs.begin());
}

// Matroska says how long the file is, which its longest sound may be, and of a stream by a tag.
std::int64_t statedLengthUs(const Source& source) {
  const AVDictionaryEntry* said = av_dict_get(source.video()->metadata, "DURATION", nullptr, 0);
  std::int64_t us = 0;
  const bool is_said = said != nullptr && av_parse_time(&us, said->value, 1) >= 0 && us > 0;
  return is_said ? us : source.format().duration;
}

std::int64_t expectedFrames(const Source& source, AVRational fps) {
  const AVStream& video = *source.video();
  if (video.duration > 0) {
    return av_rescale_q(video.duration, video.time_base, av_inv_q(fps));
  }
  const std::int64_t us = statedLengthUs(source);
  return us > 0 ? av_rescale_q(us, Microseconds, av_inv_q(fps)) : 0;
}

}  // namespace

VideoJob::VideoJob(const Spec& spec, Source& source, ReadySound* sound, const Control& control,
                   const OutputDirectory& directory, const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      directory_(directory),
      sink_(sink),
      decoder_(*source.video(), spec.threads, spec.limits.max_pixels),
      ready_sound_(sound),
      rungs_(spec, control, directory, sink),
      graph_(rungs_.sizes(), source.orientation(), spec.fps, spec.threads),
      poster_(spec.fps),
      poster_rung_(posterRung(rungs_.sizes())),
      aspect_(source.sampleAspect()),
      interlaced_(source.video()->codecpar->field_order > AV_FIELD_PROGRESSIVE),
      expected_frames_(expectedFrames(source, spec.fps)),
      progress_(sink) {
  std::vector<const AVStream*> used{source.video()};
  std::optional<std::int64_t> sound_start;
  if (spec.audio) {
    const AVStream& stream = source.sound(spec.audio->stream);
    sound_start = Source::startUs(stream);
    if (ready_sound_ == nullptr) {
      sound_.emplace(stream, *spec.audio, spec.limits.max_pixels);
      used.push_back(&stream);
    }
  }
  source_.useOnly(used);
  clock_.emplace(source.video()->time_base, spec.fps,
                 titleStartUs(Source::startUs(*source.video()), sound_start, spec.fps));
}

Report VideoJob::run() {
  if (spec_.seek && !sound_ && spec_.firstFrame() > 0) {
    landed_ = RangeStart(source_, decoder_, *clock_).goTo(spec_.firstFrame());
  }
  readAll();
  finishPictures();
  finishSound();
  if (rungs_.opened()) {
    rungs_.publishAll(track());
  }
  return report();
}

void VideoJob::readAll() {
  const auto on_frame = [this](AVFrame& frame) { take(frame); };
  if (landed_) {
    decoder_.decode(landed_.get(), on_frame);
    landed_.reset();
  }
  const PacketPtr packet = newPacket();
  while (!range_done_ && source_.read(*packet)) {
    read(*packet);
    publish();
  }
  if (!range_done_) {
    decoder_.decode(nullptr, on_frame);
    if (sound_) {
      sound_->decode(nullptr, clock_->originUs(0));
    }
  }
}

void VideoJob::read(AVPacket& packet) {
  if (packet.stream_index == source_.video()->index) {
    decoder_.decode(&packet, [this](AVFrame& frame) { take(frame); });
  } else if (sound_ && packet.pts != AV_NOPTS_VALUE) {
    const AVRational time_base = sound_->stream().time_base;
    sound_->decode(&packet, clock_->originUs(av_rescale_q(packet.pts, time_base, Microseconds)));
  } else if (sound_) {
    sound_->decode(&packet, clock_->originUs(0));
  }
}

AudioTrack* VideoJob::track() {
  if (ready_sound_ != nullptr) {
    return &ready_sound_->track();
  }
  return sound_ ? &sound_->track() : nullptr;
}

const AVCodecParameters* VideoJob::soundParameters() const {
  if (ready_sound_ != nullptr) {
    return &ready_sound_->parameters();
  }
  return sound_ ? &sound_->encoder().parameters() : nullptr;
}

std::int64_t VideoJob::soundEnd() const {
  if (ready_sound_ != nullptr) {
    return ready_sound_->end();
  }
  return sound_ ? sound_->encoder().heard() : 0;
}

void VideoJob::take(AVFrame& frame) {
  if (const auto run = clock_->place(frame.pts, frame.pkt_duration)) {
    emit(*run);
  }
  interlaced_ = interlaced_ || frame.interlaced_frame != 0;
  held_picture_ = pictureOf(frame, aspect_);
  held_picture_.interlaced = interlaced_;
  held_ = shareFrame(frame);
}

void VideoJob::emit(SlotRun run) {
  std::int64_t end = run.first + run.count;
  if (spec_.timeUs(end) > spec_.limits.max_duration_ms * 1000) {
    throw Failure(REELD_INVALID, "the video is longer than the limit of " +
                                     std::to_string(spec_.limits.max_duration_ms / 60'000) +
                                     " minutes");
  }
  const std::int64_t first = std::max(run.first, spec_.firstFrame());
  if (const auto range_end = spec_.endFrame()) {
    range_done_ = end >= *range_end;
    end = std::min(end, *range_end);
  }
  if (end <= spec_.firstFrame()) {
    // Damage that is not shown here is another task's.
    errors_before_ = decoder_.errors() + source_.readErrors();
    tellPatience();
  }
  if (first < end && held_) {
    graph_.filter(*held_, held_picture_, {first, end - first},
                  [this](SlotRun shown, std::vector<FramePtr>& frames) { encode(shown, frames); });
  }
  held_.reset();
  tellProgress();
}

void VideoJob::encode(SlotRun run, std::vector<FramePtr>& frames) {
  if (!rungs_.opened()) {
    rungs_.open(outputTags(held_picture_), soundParameters());
  }
  considerPoster(run, frames);
  rungs_.encode(run, frames, track());
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

std::optional<SlotRun> VideoJob::lastRun() {
  if (spec_.endsTitle()) {
    return clock_->finishAt(spec_.frames);
  }
  const std::int64_t sound_end_us = av_rescale_q(soundEnd(), {1, AudioRate}, Microseconds);
  return clock_->finish(spec_.limits.max_gap_ms * 1000, sound_end_us);
}

void VideoJob::finishPictures() {
  if (!range_done_) {
    if (const auto last = lastRun()) {
      emit(*last);
    }
  }
  graph_.finish([this](SlotRun shown, std::vector<FramePtr>& frames) { encode(shown, frames); });
  if (!rungs_.opened()) {
    if (decoder_.frames() == 0) {
      throw Failure(REELD_INVALID,
                    "the file has no picture that can be decoded; it may be incomplete: "
                    "export it again");
    }
    return;  // the title ends before this task begins
  }
  rungs_.finish();
  if (spec_.poster && !poster_written_ && poster_.best() != nullptr) {
    writePoster();
  }
}

void VideoJob::finishSound() {
  if (!sound_) {
    return;
  }
  const std::int64_t end = std::min(spec_.endFrame().value_or(clock_->next()), clock_->next());
  if (range_done_) {
    hearTo(spec_.sampleAt(end));
  }
  sound_->fillTo(spec_.sampleAt(end));
  sound_->finish();
}

void VideoJob::hearTo(std::int64_t sample) {
  // The encoder looks ahead: what follows the task's last packet makes it what it is in the title.
  source_.useOnly({&sound_->stream()});
  const PacketPtr packet = newPacket();
  while (!sound_->track().reaches(sample) && source_.read(*packet)) {
    sound_->decode(packet.get(), clock_->originUs(0));
  }
}

void VideoJob::publish() {
  if (sound_ && rungs_.opened()) {
    sound_->fillTo(spec_.sampleAt(clock_->next()) - MostSoundLag);
  }
  rungs_.publish(track());
}

void VideoJob::tellPatience() {
  // Decoding what leads to the first frame can take long, and is no standing still.
  constexpr std::int64_t Often = 250;
  if (++skipped_ % Often == 0) {
    progress_.stillWorking();
  }
}

void VideoJob::tellProgress() {
  std::int64_t end = expected_frames_;
  if (const auto range_end = spec_.endFrame()) {
    end = end > 0 ? std::min(end, *range_end) : *range_end;
  }
  progress_.reached(clock_->next() - spec_.firstFrame(), end - spec_.firstFrame());
}

bool VideoJob::endsEarly() const {
  // A container without a length per stream counts the sound, too.
  const std::int64_t heard = av_rescale_q(soundEnd(), {1, AudioRate}, av_inv_q(spec_.fps));
  const std::int64_t reached = std::max(clock_->next(), heard);
  const std::int64_t second = av_rescale_q(1, {1, 1}, av_inv_q(spec_.fps));
  return !range_done_ && reached < expected_frames_ * 9 / 10 - second;
}

Report VideoJob::report() const {
  Report made;
  made.decode_errors =
      decoder_.errors() + source_.readErrors() - errors_before_ + (sound_ ? sound_->errors() : 0);
  made.damaged = made.decode_errors > 0 || source_.repairs() > 0 || endsEarly();
  if (rungs_.opened()) {
    made.renditions = rungs_.reports(spec_.audio.has_value());
    made.frames = static_cast<std::int64_t>(made.renditions.front().frames);
  }
  return made;
}

}  // namespace reeld::libav
