#include "playback/media_index.h"

namespace reeld::playback {

namespace {

std::size_t sizeOf(const MediaRendition& rendition) {
  std::size_t bytes = sizeof(MediaRendition) + rendition.index->size() +
                      sizeof(std::int64_t) * rendition.segment_frames.size();
  for (const std::string& key : rendition.segment_keys) {
    bytes += sizeof(std::string) + key.capacity();
  }
  return bytes;
}

std::size_t sizeOf(const Media& media) {
  std::size_t bytes = sizeof(Media) + media.master->size();
  for (const MediaRendition& rendition : media.renditions) {
    bytes += sizeOf(rendition);
  }
  for (const AlternateSound& sound : media.alternates) {
    bytes += sizeof(SoundFacts) + sizeOf(sound.rendition);
  }
  for (const Subtitles& one : media.subtitles) {
    bytes += sizeof(Subtitles) + one.name.capacity() + one.storage_key.capacity();
  }
  if (media.storyboard) {
    for (const std::string& key : media.storyboard->sheet_keys) {
      bytes += sizeof(std::string) + key.capacity();
    }
  }
  return bytes;
}

}  // namespace

void MediaIndex::State::erase(std::int64_t encoding_id) {
  const auto found = by_id.find(encoding_id);
  if (found != by_id.end()) {
    bytes -= found->second->bytes;
    entries.erase(found->second);
    by_id.erase(found);
  }
}

std::shared_ptr<const Media> MediaIndex::find(std::int64_t encoding_id) {
  const std::int64_t now = clock_.monotonicMs();
  return state_.with([&](State& state) -> std::shared_ptr<const Media> {
    const auto found = state.by_id.find(encoding_id);
    if (found == state.by_id.end()) {
      return nullptr;
    }
    const Entry& entry = *found->second;
    if (entry.good_until != 0 && now >= entry.good_until) {
      state.erase(encoding_id);
      return nullptr;
    }
    state.entries.splice(state.entries.begin(), state.entries, found->second);
    return entry.media;
  });
}

void MediaIndex::put(std::shared_ptr<const Media> media) {
  const std::size_t bytes = sizeOf(*media);
  const std::int64_t good_until = media->complete ? 0 : clock_.monotonicMs() + GrowingMs;
  const std::int64_t id = media->encoding_id;
  state_.with([&](State& state) {
    state.erase(id);
    state.entries.push_front({std::move(media), good_until, bytes});
    state.by_id[id] = state.entries.begin();
    state.bytes += bytes;
    // The newest stays even if it alone is too large: its viewer must be served.
    while (state.bytes > state.max_bytes && state.entries.size() > 1) {
      state.erase(state.entries.back().media->encoding_id);
    }
  });
}

void MediaIndex::drop(std::int64_t encoding_id) {
  state_.with([&](State& state) { state.erase(encoding_id); });
}

}  // namespace reeld::playback
