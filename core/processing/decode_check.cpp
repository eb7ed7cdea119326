#include "processing/decode_check.h"

#include "base/crypto.h"
#include "base/error.h"
#include "processing/source_file.h"
#include "processing/task_folder.h"

#include <algorithm>
#include <optional>

namespace reeld::processing {

struct DecodeCheck::Place {
  const Rendition* rendition;
  const Segment* segment;
};

namespace {

constexpr std::int64_t SamplesPerSecond = 48'000;

using Problem = std::optional<std::string>;

std::string inMs(std::int64_t us) { return std::to_string((us + 500) / 1000) + " ms"; }

Problem soundProblem(const Rendition& rendition, const Segment& segment, std::int64_t samples) {
  if (rendition.codecs.find("mp4a") == std::string::npos) {
    return std::nullopt;
  }
  const std::int64_t sound_us = samples * 1'000'000 / SamplesPerSecond;
  // At the title's end sound may go on for a moment after the last picture.
  const bool is_last = &segment == &rendition.segments.back();
  if (sound_us + SoundSlackUs < segment.duration_us ||
      (!is_last && sound_us > segment.duration_us + SoundSlackUs)) {
    return "has " + inMs(sound_us) + " of sound that decodes, not " + inMs(segment.duration_us);
  }
  return std::nullopt;
}

std::int64_t numberOf(const Json& file, std::string_view name) {
  const Json* value = file.find(name);
  if (value == nullptr || !value->isInteger()) {
    throw Error(ErrorCode::Corrupt,
                "the encoder's report of what it decoded lacks " + std::string(name))
        .reason("crashed");
  }
  return value->integer();
}

Problem problemOf(const Rendition& rendition, const Segment& segment, const Json& file) {
  if (const Json* refused = file.find("refused"); refused != nullptr && refused->isString()) {
    return "cannot be read: " + refused->text();
  }
  const std::int64_t frames = numberOf(file, "frames");
  if (rendition.width > 0 && frames != segment.frames) {
    return "has " + std::to_string(frames) + " frames that decode, not " +
           std::to_string(segment.frames);
  }
  if (const std::int64_t errors = numberOf(file, "errors"); errors > 0) {
    return "has " + std::to_string(errors) + " places that do not decode";
  }
  return soundProblem(rendition, segment, numberOf(file, "samples"));
}

/// Of the child: whatever it wrote, one object for each input.
Json::Array filesOf(const std::string& report, std::size_t count) {
  try {
    const Json json = Json::parse(report);
    const Json* files = json.find("files");
    if (files != nullptr && files->isArray() && files->array().size() == count) {
      return files->array();
    }
  } catch (const Error&) {
    // Said below, as of any other report that is none.
  }
  throw Error(ErrorCode::Corrupt, "the encoder did not say what it decoded").reason("crashed");
}

}  // namespace

std::vector<std::string> DecodeCheck::check(const std::vector<Rendition>& renditions,
                                            const OnProgress& on_progress) {
  if (!options_.has_encoder) {
    throw Error(ErrorCode::Unsupported, "this server has no encoder to decode with");
  }
  std::vector<Place> all;
  for (const Rendition& rendition : renditions) {
    for (const Segment& segment : rendition.segments) {
      all.push_back({&rendition, &segment});
    }
  }
  std::vector<std::string> problems;
  for (std::size_t at = 0; at < all.size() && problems.size() < EnoughProblems;) {
    on_progress(static_cast<std::int64_t>(at), static_cast<std::int64_t>(all.size()));
    const std::size_t end = std::min(all.size(), at + options_.at_once);
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = all.begin() + static_cast<std::ptrdiff_t>(end);
    for (std::string& problem : decode({from, to})) {
      problems.push_back(std::move(problem));
    }
    at = end;
  }
  return problems;
}

std::vector<std::string> DecodeCheck::decode(const std::vector<Place>& places) {
  const TaskFolder folder(options_.work_dir, 0, "decode-" + randomToken(12));
  Task task;
  task.id = "verify";
  task.spec.set("decode", true);
  task.spec.set("threads", options_.threads);
  task.spec.set("limits", Json::Object{{"max_pixels", options_.max_pixels}});
  task.output_dir = folder.path();
  task.wall_limit_ms = options_.wall_ms;
  std::vector<FileDescriptor> files;
  for (const Place& place : places) {
    files.push_back(openSource(storage_, place.segment->storage_key, options_.work_dir));
    task.inputs.push_back({std::to_string(task.inputs.size()), files.back().get()});
  }
  std::optional<std::string> report;
  const TaskEvents events{{}, {}, [&](const std::string& kind, const std::string& path) {
                            if (kind == "report") {
                              report = folder.read(path);
                            }
                          }};
  const std::atomic<bool> never{false};
  encoder_.run(task, events, never);
  std::vector<std::string> problems;
  const Json::Array found = filesOf(report.value_or(""), places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [rendition, segment] = places[i];
    if (const Problem problem = problemOf(*rendition, *segment, found[i])) {
      problems.push_back("rendition " + rendition->name + ": segment " +
                         std::to_string(segment->number) + " " + *problem);
    }
  }
  return problems;
}

}  // namespace reeld::processing
