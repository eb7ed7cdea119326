// The plugin itself: the two functions of kind reeld.encoder/1 over the parts in this folder.
#include "alternate_job.h"
#include "audio_job.h"
#include "control.h"
#include "copy_job.h"
#include "decode_job.h"
#include "json_text.h"
#include "log_bridge.h"
#include "output_directory.h"
#include "probe.h"
#include "ready_sound.h"
#include "report.h"
#include "sound_job.h"
#include "source.h"
#include "spec.h"
#include "still_image.h"
#include "storyboard_job.h"
#include "subtitle_job.h"
#include "video_job.h"

#include <reeld/plugin.hpp>

#include <optional>

namespace reeld::libav {

class EncoderLibav {
 public:
  static constexpr auto id = "org.reeld.encoder-libav";
  static constexpr auto version = "0.1.0";
  static constexpr auto name = "H.264 and AAC through FFmpeg";
  static constexpr auto vendor = "reeld";
  // The libraries it runs on are built with x264.
  static constexpr auto license = "GPL-2.0-or-later";
  static constexpr auto config_schema =
      R"({"type": "object", "additionalProperties": false, "properties": {}})";

  EncoderLibav(sdk::Host host, std::string_view) : log_(host) {}

  std::string probe(sdk::Call call, int fd) {
    const Control control(call);
    return probeSource(fd, control, Limits{});
  }

  void run(sdk::Call call, const reeld_job& job, sdk::JobSink sink) {
    const Control control(call);
    const Spec spec = parseSpec(sdk::view(job.spec));
    if (spec.still) {
      makePicture(spec, inputNamed(job, "source"), OutputDirectory(job.output_dir_fd), sink);
      return;
    }
    if (spec.storyboard) {
      const OutputDirectory directory(job.output_dir_fd);
      finish(makeSheet(spec, job, control, directory, sink), directory, sink);
      return;
    }
    if (spec.decodes) {
      finish(toJson(decodeInputs(spec, job, control, sink)), OutputDirectory(job.output_dir_fd),
             sink);
      return;
    }
    Source source(inputNamed(job, "source"), control, spec.limits);
    const OutputDirectory directory(job.output_dir_fd);
    if (spec.subtitles) {
      finish(SubtitleJob(spec, source, directory, sink).run(), directory, sink);
      return;
    }
    Report report;
    if (spec.copies()) {
      report = CopyJob(spec, source, directory, sink).run();
    } else if (!spec.sound_parts.empty()) {
      report = SoundJob(spec, source, control, directory, sink).run();
    } else if (spec.makesAlternate()) {
      report = AlternateJob(spec, source, control, directory, sink).run();
    } else if (spec.audioOnly()) {
      report = AudioJob(spec, source, control, directory, sink).run();
    } else if (source.video() != nullptr) {
      std::optional<ReadySound> sound;
      if (spec.audio && spec.audio->ready_from) {
        sound.emplace(inputNamed(job, "sound"), spec, *spec.audio->ready_from);
      }
      report = VideoJob(spec, source, sound ? &*sound : nullptr, control, directory, sink).run();
    } else {
      throw sdk::Failure(REELD_INVALID, "the file has no picture that can be decoded");
    }
    finish(toJson(report, spec), directory, sink);
  }

 private:
  static void finish(const std::string& report, const OutputDirectory& directory,
                     const sdk::JobSink& sink) {
    directory.write("report.json",
                    {reinterpret_cast<const std::uint8_t*>(report.data()), report.size()});
    sink.artifact("report", "report.json");
    sink.progress(1000);
  }

  static void makePicture(const Spec& spec, int fd, const OutputDirectory& directory,
                          const sdk::JobSink& sink) {
    StillImage image = readStillImage(fd, spec.limits.max_pixels);
    directory.write("poster.jpg", uprightJpeg(image, spec.still->most_side));
    sink.artifact("poster", "poster.jpg");
    sink.progress(1000);
  }

  static int inputNamed(const reeld_job& job, std::string_view wanted) {
    for (std::size_t i = 0; i < job.input_count; ++i) {
      if (sdk::view(job.inputs[i].name) == wanted) {
        return job.inputs[i].fd;
      }
    }
    throw sdk::Failure(REELD_INVALID, "the task has no input named " + std::string(wanted));
  }

  LogBridge log_;
};

}  // namespace reeld::libav

REELD_PLUGIN(reeld::libav::EncoderLibav)
