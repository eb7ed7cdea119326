#include "app/commands/storage.h"

namespace reeld::app::commands {

namespace {

Json listed(const std::vector<std::string>& keys) {
  Json::Array list;
  for (const std::string& key : keys) {
    list.emplace_back(key);
  }
  return list;
}

Json scan(control::Request& request, db::Database& database, storage::Storage& storage,
          const Clock& clock) {
  processing::StorageScan scan(database, storage, clock);
  const auto report = scan.run(request.flag("delete"), [&](const processing::ScanReport& so_far) {
    request.progress(Json::Object{{"objects", so_far.objects}, {"orphans", so_far.orphans}});
  });
  return Json::Object{{"objects", report.objects},
                      {"bytes", static_cast<std::int64_t>(report.bytes)},
                      {"orphans", report.orphans},
                      {"orphan_bytes", static_cast<std::int64_t>(report.orphan_bytes)},
                      {"removed", report.removed},
                      {"missing", report.missing},
                      {"foreign", report.foreign},
                      {"orphan_keys", listed(report.orphan_keys)},
                      {"missing_keys", listed(report.missing_keys)},
                      {"foreign_keys", listed(report.foreign_keys)}};
}

}  // namespace

control::Commands storageCommands(db::Database& database, storage::Storage& storage,
                                  const Clock& clock) {
  return {{"storage scan",
           [&](control::Request& request) { return scan(request, database, storage, clock); }}};
}

}  // namespace reeld::app::commands
