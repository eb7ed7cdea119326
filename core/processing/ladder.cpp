#include "processing/ladder.h"

#include "base/crypto.h"
#include "base/error.h"
#include "processing/copying.h"
#include "processing/range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace reeld::processing {

namespace {

struct Rate {
  int short_side;
  std::int64_t maxrate;
};
constexpr std::array<Rate, 6> Rates = {{{360, 800'000},
                                        {480, 1'600'000},
                                        {720, 3'300'000},
                                        {1080, 6'000'000},
                                        {1440, 11'000'000},
                                        {2160, 18'000'000}}};
constexpr double HighFrameRate = 45;
/// An audio-only title is cut on the grid of a picture with this rate.
constexpr Ratio AudioGrid{25, 1};

int even(int side) { return side & ~1; }

int nearestEven(double side) { return std::max(2, static_cast<int>(std::lround(side / 2)) * 2); }

std::int64_t maxrateOf(int short_side, double fps) {
  const auto found = std::find_if(Rates.begin(), Rates.end(),
                                  [&](const Rate& rate) { return rate.short_side >= short_side; });
  const std::int64_t rate = found != Rates.end() ? found->maxrate : Rates.back().maxrate;
  return fps > HighFrameRate ? rate * 3 / 2 : rate;
}

Rung rungOf(int short_side, const VideoFacts& video) {
  const int source_short = std::min(video.width, video.height);
  const int source_long = std::max(video.width, video.height);
  const int long_side =
      short_side == even(source_short)
          ? std::max(2, even(source_long))
          : nearestEven(static_cast<double>(source_long) * short_side / source_short);
  const bool portrait = video.height > video.width;
  Rung rung;
  rung.name = std::to_string(short_side) + "p";
  rung.width = portrait ? short_side : long_side;
  rung.height = portrait ? long_side : short_side;
  rung.maxrate = maxrateOf(short_side, video.fps.value());
  rung.bufsize = rung.maxrate * 2;
  rung.profile = short_side <= 480 ? "main" : "high";
  return rung;
}

std::vector<Rung> rungsFor(const VideoFacts& video, const std::vector<int>& ladder) {
  const int source_short = std::max(2, even(std::min(video.width, video.height)));
  std::set<int> sides;
  for (const int side : ladder) {
    if (even(side) >= 2 && even(side) <= source_short) {
      sides.insert(even(side));
    }
  }
  if (sides.empty()) {
    sides.insert(source_short);
  }
  std::vector<Rung> rungs;
  for (const int side : sides) {
    rungs.push_back(rungOf(side, video));
  }
  return rungs;
}

int targetDuration(const Plan& plan) {
  return static_cast<int>((plan.segment_frames * plan.fps.den + plan.fps.num - 1) / plan.fps.num);
}

void copyTop(Plan& plan, const TopCopy& copy) {
  Rung& top = plan.rungs.back();
  top.making = Making::Copied;
  top.maxrate = copy.peak;
  top.bufsize = copy.peak * 2;
  plan.starts = copy.starts;
  plan.segment_frames = copy.longest;
  plan.target_duration = targetDuration(plan);
}

void checkLimits(const SourceFacts& facts, const LadderSettings& settings) {
  if (facts.duration_ms > settings.max_duration_ms) {
    throw Error(ErrorCode::Invalid, "the file runs for " +
                                        std::to_string(facts.duration_ms / 3'600'000) +
                                        " hours; this site takes at most " +
                                        std::to_string(settings.max_duration_ms / 3'600'000))
        .reason("too-long");
  }
  if (facts.video && std::int64_t{facts.video->width} * facts.video->height > settings.max_pixels) {
    throw Error(ErrorCode::Invalid, "the picture is " + std::to_string(facts.video->width) + "x" +
                                        std::to_string(facts.video->height) +
                                        ", more than this site takes")
        .reason("too-many-pixels");
  }
}

}  // namespace

Plan planFor(const SourceFacts& facts, const LadderSettings& settings) {
  checkLimits(facts, settings);
  Plan plan;
  plan.audio_only = !facts.video;
  plan.fps = facts.video ? facts.video->fps : AudioGrid;
  plan.segment_frames = std::max<std::int64_t>(
      1, std::llround(static_cast<double>(settings.segment_seconds) * plan.fps.value()));
  plan.target_duration = targetDuration(plan);
  plan.duration_ms = facts.duration_ms;
  plan.sounds = chooseSounds(facts);
  plan.audio_stream = plan.sounds.main ? std::optional(plan.sounds.main->stream) : std::nullopt;
  if (plan.audio_only) {
    Rung audio;
    audio.name = "audio";
    plan.rungs.push_back(std::move(audio));
  } else {
    plan.rungs = rungsFor(*facts.video, settings.rungs);
    plan.frames = facts.video->frames;
    const auto copy = settings.copy
                          ? copyOfTop(*facts.video, plan.rungs.back(), plan.segment_frames)
                          : std::nullopt;
    if (copy) {
      copyTop(plan, *copy);
    }
    plan.split = canSplit(facts, plan);
  }
  return plan;
}

std::int64_t Plan::segments() const {
  if (!starts.empty()) {
    return static_cast<std::int64_t>(starts.size());
  }
  const std::int64_t all =
      frames > 0 ? frames : duration_ms * fps.num / (std::int64_t{1000} * fps.den);
  return std::max<std::int64_t>(1, (all + segment_frames - 1) / segment_frames);
}

std::int64_t Plan::framesOf(std::int64_t segment) const {
  const auto size = static_cast<std::int64_t>(starts.size());
  if (segment < 0 || segment >= size) {
    return segment_frames;
  }
  const auto at = static_cast<std::size_t>(segment);
  return (segment + 1 < size ? starts[at + 1] : frames) - starts[at];
}

std::int64_t Plan::count(Making making) const {
  return std::count_if(rungs.begin(), rungs.end(),
                       [&](const Rung& rung) { return rung.making == making; });
}

Making Plan::making(const std::string& name) const {
  const auto found =
      std::find_if(rungs.begin(), rungs.end(), [&](const Rung& rung) { return rung.name == name; });
  return found != rungs.end() ? found->making : Making::Encoded;
}

RungNames Plan::names(Making making) const {
  RungNames made;
  for (const Rung& rung : rungs) {
    if (rung.making == making) {
      made.insert(rung.name);
    }
  }
  return made;
}

bool Plan::hasBeginning() const {
  constexpr std::int64_t FewestSegments = 3;
  return !copies() && !audio_only && rungs.size() > 1 && segments() >= FewestSegments;
}

std::string settingsHash(const Plan& plan, const LadderSettings& settings) {
  Json spec = plan.spec(settings);
  // How many threads work and where the limits lie does not change a byte that matters.
  spec.set("threads", nullptr);
  spec.set("limits", nullptr);
  const Digest digest = sha256(spec.dump());
  return toHex(std::span(digest).first(16));
}

}  // namespace reeld::processing
