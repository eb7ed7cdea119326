// See copy_job.h.
#include "copy_job.h"

#include "codecs_string.h"
#include "jpeg.h"
#include "origin.h"

#include <algorithm>
#include <vector>

namespace reeld::libav {
namespace {

// A second beyond the pictures, as a probe allows by the file's head, and what coding adds.
constexpr std::int64_t MostSoundTail = AudioRate + AudioRate / 10;

std::optional<SoundTrack> soundOf(const Spec& spec, const Source& source) {
  std::optional<SoundTrack> sound;
  if (spec.audio) {
    sound.emplace(source.sound(spec.audio->stream), *spec.audio, spec.limits.max_pixels);
  }
  return sound;
}

std::int64_t originOf(const Source& source, const AVStream* sound, AVRational fps) {
  const auto pictures = Source::startUs(*source.video());
  return titleStartUs(pictures, sound != nullptr ? Source::startUs(*sound) : std::nullopt, fps)
      .value_or(0);
}

}  // namespace

CopyJob::CopyJob(const Spec& spec, Source& source, const OutputDirectory& directory,
                 const sdk::JobSink& sink)
    : spec_(spec),
      source_(source),
      directory_(directory),
      sink_(sink),
      sound_(soundOf(spec, source)),
      parts_(spec, directory, sink),
      check_(spec, *source.video()),
      copy_(*source.video()),
      segmenter_(spec,
                 RenditionWriter(spec.rungs.front().name, spec, directory, sink,
                                 TsMuxer(&copy_.parameters(), av_inv_q(spec.fps),
                                         sound_ ? &sound_->encoder().parameters() : nullptr))),
      decoder_(*source.video(), 1, spec.limits.max_pixels),
      poster_(spec.fps),
      wants_poster_(spec.poster),
      progress_(sink),
      origin_us_(originOf(source, sound_ ? &sound_->stream() : nullptr, spec.fps)) {
  std::vector<const AVStream*> used{source.video()};
  if (sound_) {
    used.push_back(&sound_->stream());
  }
  source_.useOnly(used);
}

Report CopyJob::run() {
  readAll();
  if (refused_.empty()) {
    finish();
  }
  return report();
}

void CopyJob::readAll() {
  const PacketPtr packet = newPacket();
  while (refused_.empty() && source_.read(*packet)) {
    if (packet->stream_index == source_.video()->index) {
      takePicture(*packet);
    } else if (sound_) {
      takeSound(*packet);
    }
    publish();
    progress_.reached(check_.count(), spec_.frames);
  }
  if (const auto problem = check_.finish()) {
    refuse(*problem);
  } else if (source_.repairs() + source_.readErrors() > 0) {
    refuse("it is damaged");
  } else if (refused_.empty()) {
    tryRest();
  }
}

void CopyJob::takePicture(AVPacket& packet) {
  const std::int64_t number = check_.count();
  if (const auto problem = check_.place(packet)) {
    refuse(*problem);
    return;
  }
  if (number < spec_.firstFrame()) {
    return;  // published in an earlier life of the task
  }
  if (spec_.decode_all || spec_.startsSegment(number)) {
    tryPicture(packet);
  }
  segmenter_.add(copy_.convert(packet));
}

void CopyJob::takeSound(const AVPacket& packet) {
  sound_->decode(&packet, origin_us_);
  // A copy cannot show its last picture longer.
  if (sound_->track().end() > spec_.sampleAt(spec_.frames) + MostSoundTail) {
    refuse("its sound goes on after its pictures");
  }
}

void CopyJob::tryPicture(const AVPacket& packet) {
  const std::int64_t before = decoder_.frames();
  const auto on_frame = [&](AVFrame& frame) {
    if (wants_poster_ && poster_.consider(frame, {frame.pts, 1})) {
      writePoster();
    }
  };
  decoder_.decode(&packet, on_frame);
  if (!spec_.decode_all) {
    decoder_.decode(nullptr, on_frame);
    decoder_.restart();
  }
  const bool is_missing = !spec_.decode_all && decoder_.frames() != before + 1;
  if (decoder_.errors() > 0 || is_missing) {
    refuse("picture " + std::to_string(packet.pts) + " does not decode");
  }
}

void CopyJob::tryRest() {
  if (!spec_.decode_all) {
    return;
  }
  decoder_.decode(nullptr, [](AVFrame&) {});
  const std::int64_t wanted = check_.count() - spec_.firstFrame();
  if (decoder_.errors() > 0 || decoder_.frames() != wanted) {
    refuse("of " + std::to_string(wanted) + " pictures " + std::to_string(decoder_.frames()) +
           " decode");
  }
}

void CopyJob::writePoster() {
  wants_poster_ = false;
  const AVFrame& frame = *poster_.best();
  const double fit = static_cast<double>(PosterShortSide) / std::min(frame.width, frame.height);
  directory_.write("poster.jpg", encodeJpeg(frame, static_cast<int>(frame.width * fit),
                                            static_cast<int>(frame.height * fit)));
  sink_.artifact("poster", "poster.jpg");
}

void CopyJob::finish() {
  if (wants_poster_ && poster_.best() != nullptr) {
    writePoster();
  }
  if (sound_) {
    sound_->decode(nullptr, origin_us_);
    // Every segment has sound, if only silence.
    sound_->fillTo(spec_.sampleAt(spec_.frames));
    sound_->finish();
  }
  segmenter_.finish();
  publish();
  if (sound_) {
    parts_.finish(sound_->track());
  }
}

void CopyJob::publish() {
  if (!sound_) {
    segmenter_.publish(nullptr);
    return;
  }
  AudioTrack& track = sound_->track();
  sound_->fillTo(spec_.sampleAt(check_.count()) - MostSoundLag);
  segmenter_.publish(&track);
  parts_.publish(track);
  const std::int64_t pictures = segmenter_.openFrom();
  const std::int64_t open_from = std::min(pictures, parts_.openFrom().value_or(pictures));
  if (open_from > 0) {
    track.forgetBefore(spec_.sampleAt(open_from));
  }
}

void CopyJob::refuse(const std::string& why) {
  if (refused_.empty()) {
    refused_ = why;
  }
}

Report CopyJob::report() const {
  Report made;
  made.refused = refused_;
  made.decode_errors = sound_ ? sound_->errors() : 0;
  made.damaged = made.decode_errors > 0;
  const RungSpec& rung = spec_.rungs.front();
  const AVCodecParameters& video = copy_.parameters();
  const std::string avc =
      avcCodec({video.extradata, static_cast<std::size_t>(video.extradata_size)});
  const RenditionWriter& written = segmenter_.writer();
  made.frames = static_cast<std::int64_t>(written.frames());
  made.renditions.push_back({rung.name, rung.width, rung.height,
                             sound_ ? avc + "," + AacCodec : avc, written.segments(),
                             written.frames()});
  return made;
}

}  // namespace reeld::libav
