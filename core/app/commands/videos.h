// video list, why, verify; add, replace, poster; edit, requeue, reprocess, delete, restore, purge.
#pragma once
#include "app/control/command.h"
#include "catalog/catalog.h"
#include "catalog/rework.h"
#include "db/database.h"
#include "processing/decode_check.h"
#include "processing/purge.h"
#include "processing/video_inspection.h"
#include "upload/posters.h"
#include "upload/uploads.h"
#include "users/directory.h"

namespace reeld::app::commands {

/// All of it outlives the commands.
struct VideoParts {
  db::Database& database;
  users::Directory& directory;
  upload::Uploads& uploads;
  upload::Posters& posters;
  processing::VideoInspection& inspection;
  processing::DecodeCheck& decode_check;
  catalog::Catalog& catalog;
  catalog::Rework& rework;
  processing::Purge& purge;
  const Clock& clock;
};

Json toJson(const catalog::Video& video);

/// Whoever is at the socket is nobody's row, and may do anything.
const users::Viewer& atTheMachine();

/// What the argument "price" says: "9.99", or "free". Nothing if it is absent; throws INVALID.
struct GivenPrice {
  bool is_paid = false;
  std::optional<std::int64_t> minor;
};
std::optional<GivenPrice> givenPrice(const control::Request& request);

/// Those that come with a file (video_files.cpp), and those that change a video there is
/// (video_changes.cpp); videoCommands() has them too.
control::Commands videoFileCommands(VideoParts parts);
control::Commands videoChangeCommands(VideoParts parts);

control::Commands videoCommands(VideoParts parts);

}  // namespace reeld::app::commands
