// video list, video add, video why, video verify.
#pragma once
#include "app/control/command.h"
#include "db/database.h"
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
};

control::Commands videoCommands(VideoParts parts);

}  // namespace reeld::app::commands
