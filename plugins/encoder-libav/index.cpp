// See index.h.
#include "index.h"

#include <chrono>

namespace reeld::libav {
namespace {

// Reading a very large file only to count its frames is not worth more than this.
constexpr std::chrono::seconds Budget{20};

}  // namespace

PictureIndex sampleTable(const Source& source) {
  PictureIndex index;
  if (!std::string_view(source.format().iformat->name).starts_with("mov")) {
    return index;
  }
  // Decoding times, strictly; their steps are the same frame durations in a slightly other order.
  auto* stream = const_cast<AVStream*>(source.video());
  const int count = avformat_index_get_entries_count(stream);
  index.times.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const AVIndexEntry* entry = avformat_index_get_entry(stream, i);
    if ((entry->flags & AVINDEX_DISCARD_FRAME) == 0) {
      index.times.push_back(entry->timestamp);
    }
  }
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
    }
    if (std::chrono::steady_clock::now() > until) {
      index.complete = false;
      break;
    }
  }
  return index;
}

}  // namespace reeld::libav
