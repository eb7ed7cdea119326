#include "catalog/video_conditions.h"

namespace reeld::catalog {

namespace {

void writeState(QueryText& text, VideoState state) {
  // SQLite uses a partial index only for a query that repeats its words.
  text << " AND v.state = '" << word(state) << "'";
  if (state != VideoState::Ready) {
    text << " AND v.state <> 'READY'";
  }
}

}  // namespace

void writeWanted(QueryText& text, const VideoQuery& query) {
  text << (query.deleted ? "v.deleted_at IS NOT NULL AND v.purge_started_at IS NULL"
                         : "v.deleted_at IS NULL");
  if (query.category) {
    (text << " AND v.category = ").bind(*query.category);
  }
  if (query.creator_id) {
    (text << " AND v.creator_id = ").bind(*query.creator_id);
  }
  if (query.is_paid) {
    (text << " AND v.is_paid = ").bind(*query.is_paid);
  }
  if (query.state) {
    writeState(text, *query.state);
  }
}

void writeReady(QueryText& text) { text << " AND v.state = 'READY'"; }

void writeUnreadyOf(QueryText& text, std::int64_t creator_id) {
  (text << " AND v.state <> 'READY' AND v.creator_id = ").bind(creator_id);
}

void writeVisible(QueryText& text, const VideoFilter& filter) {
  if (filter.all) {
    return;
  }
  if (filter.also_of) {
    (text << " AND (v.state = 'READY' OR v.creator_id = ").bind(*filter.also_of) << ")";
  } else {
    writeReady(text);
  }
}

std::string_view orderKey(const VideoQuery& query) noexcept {
  switch (query.order) {
    case VideoOrder::Updated:
      return "v.updated_at";
    case VideoOrder::Title:
      return "v.title_key";
    case VideoOrder::Created:
      break;
  }
  // Ids are handed out in order: newest first is by id, and an updated row does not jump.
  return "v.id";
}

void writeOrder(QueryText& text, const VideoQuery& query, std::string_view key,
                std::string_view id) {
  const std::string_view direction = query.ascending ? " ASC" : " DESC";
  text << " ORDER BY " << key << direction;
  if (query.order != VideoOrder::Created) {
    text << ", " << id << direction;
  }
}

}  // namespace reeld::catalog
