#include "users/permission.h"

#include "base/error.h"

#include <array>

namespace reeld::users {

namespace {

enum class Scope { None, Own, Any };

struct Rule {
  Action action;
  Scope admin;
  Scope creator;
  Scope viewer;
};

// "Owner" goes by creator_id and not by today's role: a demoted creator keeps editing his own
// videos.
constexpr std::array Rules = {
    Rule{Action::ListVideos, Scope::Any, Scope::Any, Scope::Any},
    Rule{Action::CreateVideo, Scope::Any, Scope::Any, Scope::None},
    Rule{Action::SeeVideo, Scope::Any, Scope::Own, Scope::Own},
    Rule{Action::EditVideo, Scope::Any, Scope::Own, Scope::Own},
    Rule{Action::DeleteVideo, Scope::Any, Scope::Own, Scope::Own},
    Rule{Action::RestoreVideo, Scope::Any, Scope::None, Scope::None},
    Rule{Action::ForceState, Scope::Any, Scope::None, Scope::None},
    Rule{Action::StreamVideo, Scope::Any, Scope::Any, Scope::Any},
    Rule{Action::SeeFigures, Scope::Any, Scope::Own, Scope::Own},
    Rule{Action::ListUsers, Scope::Any, Scope::None, Scope::None},
    Rule{Action::ChangeRole, Scope::Any, Scope::None, Scope::None},
};

Scope scopeOf(Role role, Action action) noexcept {
  for (const Rule& rule : Rules) {
    if (rule.action == action) {
      switch (role) {
        case Role::Admin:
          return rule.admin;
        case Role::Creator:
          return rule.creator;
        case Role::Viewer:
          return rule.viewer;
      }
    }
  }
  return Scope::None;
}

}  // namespace

bool mayDo(const Viewer& viewer, Action action, const Object& object) noexcept {
  switch (scopeOf(viewer.role, action)) {
    case Scope::Any:
      return true;
    case Scope::Own:
      return object.owner == viewer.user_id;
    case Scope::None:
      return false;
  }
  return false;
}

void authorize(const Viewer& viewer, Action action, const Object& object) {
  if (!mayDo(viewer, action, object)) {
    throw Error(ErrorCode::Denied, "not allowed");
  }
}

}  // namespace reeld::users
