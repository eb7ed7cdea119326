// Who may do what: one table of actions and roles, default deny. Whether a viewer may *play* a
// video is another question (playback/access.h), because money has a say in it.
#pragma once
#include "users/user.h"

#include <optional>

namespace reeld::users {

enum class Action {
  ListVideos,
  CreateVideo,
  SeeVideo,   ///< one that is READY needs no more than ListVideos; any other state needs this
  EditVideo,  ///< title, price, source
  DeleteVideo,
  RestoreVideo,
  ForceState,  ///< PATCH status
  StreamVideo,
  SeeFigures,  ///< who watches it, and what it brings in
  ListUsers,
  ChangeRole,
};

/// What the action is done to, as far as rights depend on it.
struct Object {
  std::optional<UserId> owner;
};

bool mayDo(const Viewer& viewer, Action action, const Object& object = {}) noexcept;

/// The same; throws Error DENIED.
void authorize(const Viewer& viewer, Action action, const Object& object = {});

}  // namespace reeld::users
