// See decode_job.h.
#include "decode_job.h"

#include "decoder.h"
#include "json_text.h"
#include "libav.h"
#include "source.h"

#include <optional>

namespace reeld::libav {
namespace {

DecodedFile decodeWhole(std::string_view name, int fd, const Spec& spec, const Control& control) {
  Source source(fd, control, spec.limits);
  std::vector<const AVStream*> used;
  std::optional<Decoder> pictures;
  std::optional<Decoder> sound;
  if (const AVStream* video = source.video()) {
    used.push_back(video);
    pictures.emplace(*video, spec.threads, spec.limits.max_pixels, Damage::Refused);
  }
  if (!source.audio().empty()) {
    used.push_back(source.audio().front());
    sound.emplace(*used.back(), 1, spec.limits.max_pixels, Damage::Refused);
  }
  source.useOnly(used);
  DecodedFile found;
  found.name = name;
  const auto on_picture = [](AVFrame&) {};
  const auto on_sound = [&](const AVFrame& frame) { found.samples += frame.nb_samples; };
  const PacketPtr packet = newPacket();
  while (source.read(*packet)) {
    if (pictures && packet->stream_index == source.video()->index) {
      pictures->decode(packet.get(), on_picture);
    } else {
      sound->decode(packet.get(), on_sound);
    }
  }
  if (pictures) {
    pictures->decode(nullptr, on_picture);
    found.frames = pictures->frames();
    found.errors += pictures->errors();
  }
  if (sound) {
    sound->decode(nullptr, on_sound);
    found.errors += sound->errors();
  }
  found.errors += source.readErrors();
  return found;
}

}  // namespace

std::vector<DecodedFile> decodeInputs(const Spec& spec, const reeld_job& job,
                                      const Control& control, const sdk::JobSink& sink) {
  std::vector<DecodedFile> files;
  for (std::size_t i = 0; i < job.input_count; ++i) {
    const std::string_view name = sdk::view(job.inputs[i].name);
    try {
      files.push_back(decodeWhole(name, job.inputs[i].fd, spec, control));
    } catch (const Failure& failure) {
      if (failure.status() != REELD_INVALID) {
        throw;
      }
      files.push_back({.name = std::string(name), .refused = failure.what()});
    }
    sink.progress(static_cast<std::uint32_t>((i + 1) * 1000 / job.input_count));
  }
  return files;
}

std::string toJson(const std::vector<DecodedFile>& files) {
  JsonText json;
  json.begin().beginList("files");
  for (const DecodedFile& file : files) {
    json.begin().text("name", file.name);
    json.number("frames", file.frames).number("samples", file.samples);
    json.number("errors", file.errors);
    if (!file.refused.empty()) {
      json.text("refused", file.refused);
    }
    json.end();
  }
  json.endList().end();
  return json.take();
}

}  // namespace reeld::libav
