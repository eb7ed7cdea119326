// Holds what lies in storage against the rows, both ways: objects that no row names, and rows whose
// object is missing. What is being written just now is neither: young objects, and those under the
// lease of a running job. Memory is bounded by the largest video.
#pragma once
#include "base/clock.h"
#include "catalog/video.h"
#include "db/database.h"
#include "storage/storage.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace reeld::processing {

struct ScanReport {
  static constexpr std::size_t MostNamed = 1000;

  std::int64_t objects = 0;
  std::uint64_t bytes = 0;
  std::int64_t orphans = 0;  ///< named by no row
  std::uint64_t orphan_bytes = 0;
  std::int64_t removed = 0;
  std::int64_t missing = 0;  ///< named by a row, and not there
  std::int64_t foreign = 0;  ///< under a key that is none of ours; never touched
  // The first of each.
  std::vector<std::string> orphan_keys;
  std::vector<std::string> missing_keys;
  std::vector<std::string> foreign_keys;
};

class StorageScan {
 public:
  /// A younger object may be one whose row is just being written.
  static constexpr std::int64_t SafeAgeMs = std::int64_t{6} * 3'600'000;

  StorageScan(db::Database& database, storage::Storage& storage, const Clock& clock)
      : database_(database), storage_(storage), clock_(clock) {}

  /// Told every thousand objects; may throw to end it.
  using Progress = std::function<void(const ScanReport&)>;
  /// `remove`: orphans go. One scan at a time per object.
  ScanReport run(bool remove, const Progress& progress);

 private:
  struct Rows;
  void scanObjects(const Progress& progress);
  void scanVideosWithout(const Progress& progress);
  void take(const storage::Object& object);
  void judge(catalog::VideoId video, const std::vector<storage::Object>& objects);
  void judgeOrphans(catalog::VideoId video, const std::vector<storage::Object>& found);
  Rows rowsOf(catalog::VideoId video);

  db::Database& database_;
  storage::Storage& storage_;
  const Clock& clock_;
  bool remove_ = false;
  ScanReport report_;
  std::set<catalog::VideoId> seen_;
  catalog::VideoId current_ = 0;
  std::vector<storage::Object> of_current_;
};

}  // namespace reeld::processing
