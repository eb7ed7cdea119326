#include "processing/verification.h"

#include "processing/segment_check.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace reeld::processing {

namespace {

// Starts are frame numbers rounded to microseconds.
constexpr std::int64_t PictureSlackUs = 1'000;

using Problems = std::vector<std::string>;

void addProblem(Problems& problems, const Rendition& rendition, const std::string& what) {
  if (problems.size() < EnoughProblems) {
    problems.push_back("rendition " + rendition.name + ": " + what);
  }
}

bool near(std::int64_t a, std::int64_t b, std::int64_t slack) { return std::abs(a - b) <= slack; }

void checkSegments(const Plan& plan, const Rendition& rendition, Problems& problems) {
  const std::int64_t slack = plan.audio_only ? SoundSlackUs : PictureSlackUs;
  std::int64_t number = 0;
  std::int64_t expected_start =
      rendition.segments.empty() ? 0 : rendition.segments.front().start_us;
  for (const Segment& segment : rendition.segments) {
    const std::string name = "segment " + std::to_string(segment.number);
    if (segment.number != number) {
      addProblem(problems, rendition, "segment " + std::to_string(number) + " is missing");
      return;
    }
    if (!near(segment.start_us, expected_start, slack)) {
      addProblem(problems, rendition, name + " does not start where the one before it ends");
    }
    const bool is_last = &segment == &rendition.segments.back();
    const std::int64_t planned = plan.framesOf(segment.number);
    const bool may_be_shorter = is_last && !plan.copies();
    if (!plan.audio_only && (may_be_shorter ? segment.frames < 1 || segment.frames > planned
                                            : segment.frames != planned)) {
      addProblem(problems, rendition, name + " has " + std::to_string(segment.frames) + " frames");
    }
    if (segment.bytes <= 0 || segment.duration_us <= 0) {
      addProblem(problems, rendition, name + " is empty");
    }
    if (segment.duration_us > (std::int64_t{plan.target_duration} * 1'000'000) + slack) {
      addProblem(problems, rendition, name + " is longer than the playlists say");
    }
    expected_start = segment.start_us + segment.duration_us;
    ++number;
  }
}

void checkGrid(const Rendition& first, const Rendition& other, Problems& problems) {
  if (first.segments.size() != other.segments.size()) {
    addProblem(problems, other,
               "has " + std::to_string(other.segments.size()) + " segments, " + first.name +
                   " has " + std::to_string(first.segments.size()));
    return;
  }
  for (std::size_t i = 0; i < first.segments.size(); ++i) {
    if (!near(first.segments[i].start_us, other.segments[i].start_us, PictureSlackUs) ||
        first.segments[i].frames != other.segments[i].frames) {
      addProblem(problems, other,
                 "segment " + std::to_string(i) + " is cut elsewhere than in " + first.name);
      return;
    }
  }
}

void checkAgainst(const Report& report, const Rendition& rendition, Problems& problems) {
  const RenditionReport* said = report.find(rendition.name);
  if (said == nullptr) {
    addProblem(problems, rendition, "the encoder's report does not name it");
    return;
  }
  std::int64_t frames = 0;
  std::int64_t duration_us = 0;
  for (const Segment& segment : rendition.segments) {
    frames += segment.frames;
    duration_us += segment.duration_us;
  }
  if (said->segments != static_cast<std::int64_t>(rendition.segments.size())) {
    addProblem(problems, rendition,
               "the encoder made " + std::to_string(said->segments) + " segments, " +
                   std::to_string(rendition.segments.size()) + " arrived");
  }
  if (rendition.width > 0 && (said->frames != frames || report.frames != frames)) {
    addProblem(problems, rendition,
               "the encoder made " + std::to_string(said->frames) + " of " +
                   std::to_string(report.frames) + " frames, its segments hold " +
                   std::to_string(frames));
  }
  if (!near(report.duration_us, duration_us, SoundSlackUs)) {
    addProblem(problems, rendition,
               "its segments last " + std::to_string(duration_us / 1000) +
                   " ms, the encoder made " + std::to_string(report.duration_us / 1000));
  }
}

using Problem = std::optional<std::string>;

Problem sizeProblem(storage::Storage& storage, const Segment& segment) {
  const auto object = storage.stat(segment.storage_key);
  if (!object) {
    return "is not in storage";
  }
  if (object->size != static_cast<std::uint64_t>(segment.bytes)) {
    return "has " + std::to_string(object->size) + " bytes in storage, not " +
           std::to_string(segment.bytes);
  }
  return std::nullopt;
}

Problem contentProblem(storage::Storage& storage, const Rendition& rendition,
                       const Segment& segment) {
  const auto reader = storage.open(segment.storage_key, 0, 0);
  const SegmentCheck found =
      checkSegment(segment, rendition.width > 0,
                   [&](char* buffer, std::size_t size) { return reader->read(buffer, size); });
  if (found.sha256 != segment.sha256) {
    return "in storage is not what was published: " +
           (found.problem ? "it " + *found.problem : "its checksum differs");
  }
  return found.problem;
}

Problems checkEach(const std::vector<Rendition>& renditions,
                   const std::function<Problem(const Rendition&, const Segment&)>& check) {
  Problems problems;
  for (const Rendition& rendition : renditions) {
    for (const Segment& segment : rendition.segments) {
      if (problems.size() == EnoughProblems) {
        return problems;
      }
      if (const Problem problem = check(rendition, segment)) {
        addProblem(problems, rendition,
                   "segment " + std::to_string(segment.number) + " " + *problem);
      }
    }
  }
  return problems;
}

}  // namespace

Problems checkRows(const Plan& plan, const std::vector<Rendition>& renditions) {
  Problems problems;
  for (const Rung& rung : plan.rungs) {
    const auto found = std::find_if(renditions.begin(), renditions.end(),
                                    [&](const Rendition& one) { return one.name == rung.name; });
    if (found == renditions.end() || found->segments.empty()) {
      problems.push_back("rendition " + rung.name + " is missing");
      continue;
    }
    if (found->width != rung.width || found->height != rung.height) {
      addProblem(problems, *found, "has not the planned size");
    }
    checkSegments(plan, *found, problems);
    if (found->codecs.empty() || found->bandwidth <= 0) {
      addProblem(problems, *found, "was not measured");
    }
  }
  if (problems.empty()) {
    for (const Rendition& other : renditions) {
      checkGrid(renditions.front(), other, problems);
    }
  }
  return problems;
}

Problems checkAlternate(const Rendition& of_title, const Rendition& alternate) {
  Problems problems;
  const std::size_t count = alternate.segments.size();
  // So little may be left at the end that no packet of sound begins in it.
  const bool may_be_shorter =
      !of_title.segments.empty() && of_title.segments.back().duration_us < SoundSlackUs;
  if (count > of_title.segments.size() ||
      count + (may_be_shorter ? 1 : 0) < of_title.segments.size()) {
    addProblem(problems, alternate,
               "has " + std::to_string(count) + " segments, the title has " +
                   std::to_string(of_title.segments.size()));
    return problems;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Segment& made = alternate.segments[i];
    const Segment& wanted = of_title.segments[i];
    if (made.number != wanted.number || !near(made.start_us, wanted.start_us, PictureSlackUs) ||
        !near(made.duration_us, wanted.duration_us, PictureSlackUs)) {
      addProblem(problems, alternate,
                 "segment " + std::to_string(i) + " is cut elsewhere than the title");
    }
  }
  return problems;
}

Problems checkReport(const std::vector<Rendition>& made, const Report& report) {
  Problems problems;
  for (const Rendition& rendition : made) {
    if (!rendition.segments.empty() || report.frames > 0) {
      checkAgainst(report, rendition, problems);
    }
  }
  return problems;
}

Problems checkObjects(storage::Storage& storage, const std::vector<Rendition>& renditions) {
  return checkEach(renditions, [&](const Rendition&, const Segment& segment) {
    return sizeProblem(storage, segment);
  });
}

Problems checkBytes(storage::Storage& storage, const std::vector<Rendition>& renditions) {
  return checkEach(renditions, [&](const Rendition& rendition, const Segment& segment) {
    const auto problem = sizeProblem(storage, segment);
    return problem ? problem : contentProblem(storage, rendition, segment);
  });
}

void measure(const Plan& plan, std::vector<Rendition>& renditions) {
  // A short last segment would set the peak; it is left out unless there is nothing else. Short
  // ones before it, where a copy is cut at its key frames, are played as they come and count.
  const std::int64_t half_target_us = std::int64_t{plan.target_duration} * 500'000;
  for (Rendition& rendition : renditions) {
    std::int64_t bytes = 0;
    std::int64_t duration_us = 0;
    std::int64_t peak = 0;
    for (const Segment& segment : rendition.segments) {
      bytes += segment.bytes;
      duration_us += segment.duration_us;
      const bool is_last = &segment == &rendition.segments.back();
      if (!is_last || segment.duration_us >= half_target_us) {
        peak = std::max(peak, segment.bytes * 8'000'000 / segment.duration_us);
      }
    }
    rendition.average_bandwidth = duration_us > 0 ? bytes * 8'000'000 / duration_us : 0;
    rendition.bandwidth = std::max(peak, rendition.average_bandwidth);
    rendition.frame_rate_milli = rendition.width == 0 ? 0 : std::llround(plan.fps.value() * 1000);
  }
}

std::int64_t durationMs(const std::vector<Rendition>& renditions) {
  std::int64_t duration_us = 0;
  if (!renditions.empty()) {
    for (const Segment& segment : renditions.front().segments) {
      duration_us += segment.duration_us;
    }
  }
  return (duration_us + 500) / 1000;
}

}  // namespace reeld::processing
