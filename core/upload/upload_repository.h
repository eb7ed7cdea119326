// Uploads under way as rows: who takes how much room, and which video has one. A row whose time is
// over, or whose daemon is starting anew, is of no account.
#pragma once
#include "catalog/video.h"
#include "db/database.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::upload {

struct UploadRow {
  std::int64_t id = 0;
  std::optional<catalog::VideoId> video_id;  ///< nothing while the video comes with its file
  users::UserId user_id = 0;                 ///< whose quota pays
  std::uint64_t reserved_bytes = 0;
  std::string node;  ///< the daemon that receives it
  EpochMs created_at = 0;
  EpochMs expires_at = 0;
};

std::int64_t insertUpload(db::Session& session, const UploadRow& row);
/// False if the row is gone: the upload's time was over and another daemon swept it.
bool renewUpload(db::Session& session, std::int64_t id, std::uint64_t reserved_bytes,
                 std::uint64_t received_bytes, EpochMs expires_at);
bool removeUpload(db::Session& session, std::int64_t id);
bool hasLiveUpload(db::Session& session, catalog::VideoId video_id, EpochMs now);
/// Bytes that count against a user's quota: sources of undeleted videos, and what live uploads
/// reserved (but for one of them).
std::uint64_t quotaUsed(db::Session& session, users::UserId user_id, EpochMs now,
                        std::int64_t but_for);
/// Drops what is expired, and everything of a daemon that has just started.
std::int64_t sweepUploads(db::Session& session, const std::string& restarted_node, EpochMs now);

}  // namespace reeld::upload
