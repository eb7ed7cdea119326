#include "processing/storage_scan.h"

#include "storage/blob_key.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace reeld::processing {

namespace {

constexpr std::size_t ObjectsAtOnce = 1000;
constexpr std::int64_t ScannedAtOnce = 500;
constexpr std::string_view HealthPrefix = "health/";

const db::Statement State{
    "SELECT CASE WHEN purge_started_at IS NULL THEN 0 ELSE 1 END FROM videos WHERE id = $1"};
const db::Statement Keys{R"(
  SELECT storage_key FROM sources WHERE video_id = $1
  UNION ALL
  SELECT s.storage_key FROM segments s JOIN renditions r ON r.id = s.rendition_id
    JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = $1
  UNION ALL
  SELECT p.storage_key FROM sound_parts p JOIN encodings e ON e.id = p.encoding_id
    WHERE e.video_id = $1
  UNION ALL
  SELECT t.storage_key FROM subtitles t JOIN encodings e ON e.id = t.encoding_id
    WHERE e.video_id = $1 AND t.storage_key IS NOT NULL
  UNION ALL
  SELECT b.storage_key FROM storyboard_sheets b JOIN encodings e ON e.id = b.encoding_id
    WHERE e.video_id = $1
  UNION ALL
  SELECT poster_key FROM encodings WHERE video_id = $1 AND poster_key IS NOT NULL
  UNION ALL
  SELECT poster_key FROM videos WHERE id = $1 AND poster_key IS NOT NULL
  UNION ALL
  SELECT made_poster_key FROM videos
    WHERE id = $1 AND made_poster_key IS NOT NULL AND made_poster_key <> poster_key)"};
const db::Statement Leases{
    "SELECT lease_token FROM jobs WHERE video_id = $1 AND state = 'running'"};
const db::Statement Videos{"SELECT id FROM videos WHERE id > $1 ORDER BY id LIMIT $2"};

/// The 7 of videos/7/...
std::optional<catalog::VideoId> videoOfKey(std::string_view key) {
  constexpr std::string_view Prefix = "videos/";
  if (!key.starts_with(Prefix)) {
    return std::nullopt;
  }
  key.remove_prefix(Prefix.size());
  catalog::VideoId id = 0;
  const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), id);
  const bool is_ours = failure == std::errc() && id > 0 && end != key.data() + key.size() &&
                       *end == '/' && key.front() != '0';
  return is_ours ? std::optional(id) : std::nullopt;
}

void name(std::vector<std::string>& keys, const std::string& key) {
  if (keys.size() < ScanReport::MostNamed) {
    keys.push_back(key);
  }
}

}  // namespace

struct StorageScan::Rows {
  bool is_purged = false;  ///< its objects are being removed
  std::set<std::string> keys;
  std::vector<std::string> leases;

  bool explains(const std::string& key) const {
    return keys.contains(key) || std::any_of(leases.begin(), leases.end(), [&](const auto& lease) {
             return key.find("/" + lease + "/") != std::string::npos ||
                    key.find("/" + lease + ".") != std::string::npos;
           });
  }
};

StorageScan::Rows StorageScan::rowsOf(catalog::VideoId video) {
  return database_.read([&](db::Session& session) {
    Rows rows;
    const auto state = session.find(State, video);
    rows.is_purged = state && state->flag(0);
    for (const db::Row& row : session.query(Keys, video)) {
      rows.keys.insert(row.text(0));
    }
    for (const db::Row& row : session.query(Leases, video)) {
      rows.leases.push_back(row.text(0));
    }
    return rows;
  });
}

ScanReport StorageScan::run(bool remove, const Progress& progress) {
  remove_ = remove;
  report_ = {};
  seen_.clear();
  current_ = 0;
  of_current_.clear();
  scanObjects(progress);
  scanVideosWithout(progress);
  return std::move(report_);
}

void StorageScan::scanObjects(const Progress& progress) {
  for (std::string after;;) {
    std::vector<storage::Object> page;
    storage_.list("", after, [&](const storage::Object& object) {
      page.push_back(object);
      return page.size() < ObjectsAtOnce;
    });
    for (const storage::Object& object : page) {
      take(object);
    }
    progress(report_);
    if (page.size() < ObjectsAtOnce) {
      break;
    }
    after = page.back().key;
  }
  if (current_ != 0) {
    judge(current_, of_current_);
  }
}

void StorageScan::take(const storage::Object& object) {
  const auto video = videoOfKey(object.key);
  if (!video) {
    if (!object.key.starts_with(HealthPrefix)) {
      ++report_.foreign;
      name(report_.foreign_keys, object.key);
    }
    return;
  }
  ++report_.objects;
  report_.bytes += object.size;
  // Keys come in order, so the objects of a video stand together.
  if (*video != current_) {
    if (current_ != 0) {
      judge(current_, of_current_);
    }
    current_ = *video;
    of_current_.clear();
  }
  of_current_.push_back(object);
}

void StorageScan::scanVideosWithout(const Progress& progress) {
  for (catalog::VideoId last = 0;;) {
    const auto page = database_.readOne(
        [&](db::Session& session) { return session.query(Videos, last, ScannedAtOnce); });
    for (const db::Row& row : page) {
      last = row.integer(0);
      if (!seen_.contains(last)) {
        judge(last, {});
      }
    }
    progress(report_);
    if (static_cast<std::int64_t>(page.size()) < ScannedAtOnce) {
      return;
    }
  }
}

void StorageScan::judge(catalog::VideoId video, const std::vector<storage::Object>& objects) {
  seen_.insert(video);
  const Rows rows = rowsOf(video);
  if (rows.is_purged) {
    return;
  }
  const std::int64_t youngest = clock_.now() - SafeAgeMs;
  std::set<std::string> there;
  std::vector<storage::Object> unnamed;
  for (const storage::Object& object : objects) {
    there.insert(object.key);
    if (object.modified_ms < youngest && !rows.explains(object.key)) {
      unnamed.push_back(object);
    }
  }
  judgeOrphans(video, unnamed);
  std::vector<std::string> absent;
  std::set_difference(rows.keys.begin(), rows.keys.end(), there.begin(), there.end(),
                      std::back_inserter(absent));
  if (absent.empty()) {
    return;
  }
  // Rows and objects were not read in one moment: what still is so counts.
  const Rows now = rowsOf(video);
  for (const std::string& key : absent) {
    if (!now.is_purged && now.keys.contains(key) && !storage_.stat(key)) {
      ++report_.missing;
      name(report_.missing_keys, key);
    }
  }
}

void StorageScan::judgeOrphans(catalog::VideoId video, const std::vector<storage::Object>& found) {
  if (found.empty()) {
    return;
  }
  const Rows now = rowsOf(video);
  for (const storage::Object& object : found) {
    if (now.explains(object.key)) {
      continue;
    }
    ++report_.orphans;
    report_.orphan_bytes += object.size;
    name(report_.orphan_keys, object.key);
    if (remove_) {
      storage_.remove(object.key);
      ++report_.removed;
    }
  }
}

}  // namespace reeld::processing
