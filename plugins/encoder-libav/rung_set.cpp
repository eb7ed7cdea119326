// See rung_set.h.
#include "rung_set.h"

#include "codecs_string.h"

#include <algorithm>
#include <utility>

namespace reeld::libav {
namespace {

// Between two looks at the cancel flag.
constexpr std::chrono::milliseconds Nap{50};

}  // namespace

RungSet::RungSet(const Spec& spec, const Control& control, const OutputDirectory& directory,
                 const sdk::JobSink& sink)
    : spec_(spec), control_(control), directory_(directory), sink_(sink) {
  std::vector<RungSpec> sorted = spec.rungs;
  std::stable_sort(sorted.begin(), sorted.end(), [](const RungSpec& a, const RungSpec& b) {
    return std::int64_t{a.width} * a.height > std::int64_t{b.width} * b.height;
  });
  for (RungSpec& rung : sorted) {
    rungs_.push_back({std::move(rung), nullptr, std::nullopt});
  }
}

std::vector<Size> RungSet::sizes() const {
  std::vector<Size> sizes;
  for (const Rung& rung : rungs_) {
    sizes.push_back({rung.spec.width, rung.spec.height});
  }
  return sizes;
}

void RungSet::open(const ColourTags& colours, const AVCodecParameters* audio) {
  for (Rung& rung : rungs_) {
    rung.encoder = std::make_unique<RungEncoder>(rung.spec, spec_, colours, wakeup_);
    const TsMuxer muxer(&rung.encoder->parameters(), av_inv_q(spec_.fps), audio);
    RenditionWriter writer(rung.spec.name, spec_, directory_, sink_, muxer);
    if (spec_.beginning_apart && &rung == &rungs_.back()) {
      writer.startAnewAt(1);
    }
    rung.segmenter.emplace(spec_, std::move(writer));
  }
}

void RungSet::encode(SlotRun run, std::vector<FramePtr>& frames, AudioTrack* track) {
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    while (!rungs_[i].encoder->offer(frames[i], run)) {
      publish(track);
      wait();
    }
  }
}

void RungSet::publish(AudioTrack* track) {
  if (!opened()) {
    return;
  }
  std::optional<std::int64_t> open_from;
  // The smallest first: it is what plays while the others are made.
  for (auto at = rungs_.rbegin(); at != rungs_.rend(); ++at) {
    Rung& rung = *at;
    const bool last = rung.encoder->done();  // asked before take(): what is taken then is the rest
    for (PacketPtr& packet : rung.encoder->take()) {
      rung.segmenter->add(std::move(packet));
    }
    if (last) {
      rung.segmenter->finish();
    }
    rung.segmenter->publish(track);
    open_from =
        std::min(open_from.value_or(rung.segmenter->openFrom()), rung.segmenter->openFrom());
  }
  if (track != nullptr && *open_from > 0) {
    track->forgetBefore(spec_.sampleAt(*open_from));
  }
}

void RungSet::finish() {
  for (Rung& rung : rungs_) {
    rung.encoder->finish();
  }
}

void RungSet::publishAll(AudioTrack* track) {
  const auto published = [](const Rung& rung) { return rung.segmenter->published(); };
  for (publish(track); !std::all_of(rungs_.begin(), rungs_.end(), published); publish(track)) {
    wait();
  }
}

void RungSet::wait() {
  wakeup_.wait(Nap);
  control_.check();
}

std::vector<RenditionReport> RungSet::reports(bool with_sound) const {
  std::vector<RenditionReport> made;
  for (const RungSpec& wanted : spec_.rungs) {
    const Rung& rung = *std::find_if(rungs_.begin(), rungs_.end(), [&](const Rung& candidate) {
      return candidate.spec.name == wanted.name;
    });
    const AVCodecParameters& video = rung.encoder->parameters();
    const std::string avc =
        avcCodec({video.extradata, static_cast<std::size_t>(video.extradata_size)});
    const RenditionWriter& written = rung.segmenter->writer();
    made.push_back({wanted.name, wanted.width, wanted.height,
                    with_sound ? avc + "," + AacCodec : avc, written.segments(), written.frames()});
  }
  return made;
}

}  // namespace reeld::libav
