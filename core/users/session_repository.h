// Sign-in sessions as rows: the `sid` of tokens. A session that has ended, is expired or whose user
// is gone or deactivated gives no viewer, from the very next request on.
#pragma once
#include "db/database.h"
#include "users/user.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::users {

struct SignInSession {
  std::string id;
  UserId user_id = 0;
  std::int64_t generation = 0;  ///< of the refresh token that is good now
  EpochMs rotated_at = 0;       ///< when that one was made, by the database's clock
  EpochMs created_at = 0;
  EpochMs expires_at = 0;
  std::string user_agent;  ///< of the client at sign-in
  std::string address;     ///< of the client at sign-in
};

void insertSession(db::Session& session, const SignInSession& sign_in);

/// A viewer, and until when his session lasts if nothing happens to it.
struct LiveViewer {
  Viewer viewer;  ///< token_id is empty
  EpochMs until = 0;
};
/// The user behind a session, with today's role, if both are good.
std::optional<LiveViewer> findViewer(db::Session& session, const std::string& session_id,
                                     UserId user_id, EpochMs now);

/// The session if it is good, and its user too.
std::optional<SignInSession> findSession(db::Session& session, const std::string& id, EpochMs now);
/// Writes generation, rotated_at and expires_at.
void saveRotation(db::Session& session, const SignInSession& sign_in);

/// Those that have not ended, newest first.
std::vector<SignInSession> listSessions(db::Session& session, UserId user_id, EpochMs now,
                                        std::int64_t skip, std::int64_t limit);
std::int64_t countSessions(db::Session& session, UserId user_id, EpochMs now);

/// Ends that session of the user's; false if he has none of that id that goes on.
bool endSession(db::Session& session, UserId user_id, const std::string& id, EpochMs now);
/// Ends all of a user's but one (which may be ""); the ids of those that went on until now.
std::vector<std::string> endSessions(db::Session& session, UserId user_id, const std::string& keep,
                                     EpochMs now);
/// Rows of that user whose time is over.
void deleteExpiredSessions(db::Session& session, UserId user_id, EpochMs now);
/// Rows of anybody whose time was over before, but at most so many; how many that were.
std::int64_t pruneSessions(db::Session& session, EpochMs before, std::int64_t limit);
/// All rows of that user.
void deleteSessions(db::Session& session, UserId user_id);

}  // namespace reeld::users
