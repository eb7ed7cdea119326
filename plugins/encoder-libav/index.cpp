// See index.h.
#include "index.h"

#include <algorithm>
#include <chrono>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

// Reading a very large file only to count its frames is not worth more than this.
constexpr std::chrono::seconds Budget{20};

bool isNamed(const Source& source, std::string_view name) {
  return std::string_view(source.format().iformat->name).starts_with(name);
}

// A step the reader of packets would take for a hole, or back: what follows is shifted.
bool isSteady(const std::vector<std::int64_t>& times, AVRational time_base,
              std::int64_t max_gap_ms) {
  return std::adjacent_find(times.begin(), times.end(), [&](std::int64_t a, std::int64_t b) {
           return b < a || av_compare_ts(b - a, time_base, max_gap_ms, {1, 1000}) > 0;
         }) == times.end();
}

}  // namespace

PictureIndex sampleTable(const Source& source, std::int64_t max_gap_ms) {
  PictureIndex index;
  if (!source.hasSampleTable()) {
    return index;
  }
  // Decoding times, strictly; their steps are the same frame durations in a slightly other order.
  auto* stream = const_cast<AVStream*>(source.video());
  const int count = avformat_index_get_entries_count(stream);
  index.times.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const AVIndexEntry* entry = avformat_index_get_entry(stream, i);
    if ((entry->flags & AVINDEX_DISCARD_FRAME) != 0) {
      continue;
    }
    index.times.push_back(entry->timestamp);
    if ((entry->flags & AVINDEX_KEYFRAME) != 0) {
      index.keys.push_back(entry->timestamp);
    }
    // The table of a file that was cut off promises what is not there.
    index.orderly = index.orderly && entry->pos + entry->size <= source.bytes();
  }
  // Without a number of samples in its head the file is made of fragments: this is not all of it.
  index.orderly = index.orderly && stream->nb_frames > 0 &&
                  isSteady(index.times, stream->time_base, max_gap_ms);
  return index;
}

PictureIndex readIndex(Source& source, const Control& control) {
  const AVStream& video = *source.video();
  PictureIndex index;
  source.useOnly({&video});
  const auto until = std::chrono::steady_clock::now() + Budget;
  const PacketPtr packet = newPacket();
  while (source.read(*packet)) {
    control.check();
    const std::int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (time != AV_NOPTS_VALUE && (packet->flags & AV_PKT_FLAG_DISCARD) == 0) {
      index.times.push_back(time);
      if ((packet->flags & AV_PKT_FLAG_KEY) != 0) {
        index.keys.push_back(time);
      }
    }
    if (std::chrono::steady_clock::now() > until) {
      index.complete = false;
      break;
    }
  }
  // Of the formats without a sample table only Matroska says where its key frames lie.
  index.orderly = index.complete && isNamed(source, "matroska") && source.repairs() == 0 &&
                  source.readErrors() == 0;
  return index;
}

std::vector<std::int64_t> keySlots(const PictureIndex& index, AVRational time_base,
                                   AVRational fps) {
  if (index.keys.empty() || !index.complete || !index.orderly) {
    return {};
  }
  const std::int64_t first = *std::min_element(index.times.begin(), index.times.end());
  std::vector<std::int64_t> slots;
  for (const std::int64_t time : index.keys) {
    const std::int64_t slot =
        av_rescale_q_rnd(time - first, time_base, av_inv_q(fps), AV_ROUND_NEAR_INF);
    if (slots.empty() || slot > slots.back()) {
      slots.push_back(slot);
    }
  }
  return slots.front() == 0 ? slots : std::vector<std::int64_t>{};
}

}  // namespace reeld::libav
