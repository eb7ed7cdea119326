// video list, add, edit, requeue, reprocess, delete, restore, purge, why, verify.
#pragma once
#include "app/control/command.h"
#include "catalog/catalog.h"
#include "catalog/rework.h"
#include "db/database.h"
#include "processing/purge.h"
#include "processing/video_inspection.h"
#include "upload/uploads.h"
#include "users/directory.h"

namespace reeld::app::commands {

/// All of it outlives the commands.
struct VideoParts {
  db::Database& database;
  users::Directory& directory;
  upload::Uploads& uploads;
  processing::VideoInspection& inspection;
  catalog::Catalog& catalog;
  catalog::Rework& rework;
  processing::Purge& purge;
  const Clock& clock;
};

Json toJson(const catalog::Video& video);

/// Those that change a video there is (video_changes.cpp); videoCommands() has them too.
control::Commands videoChangeCommands(VideoParts parts);

control::Commands videoCommands(VideoParts parts);

}  // namespace reeld::app::commands
