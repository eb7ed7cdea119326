// The table of rights, row by row, and that nothing is allowed by default.
#include "users/permission.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::users;

namespace {

constexpr UserId Me = 7;
constexpr UserId Other = 8;

Viewer as(Role role) { return {.user_id = Me, .role = role, .session_id = {}, .token_id = {}}; }

struct Line {
  Action action;
  // Whether each role may do it to a stranger's object, and to its own.
  bool admin, creator, viewer;
  bool own_creator, own_viewer;
};

constexpr Line Table[] = {
    {Action::ListVideos, true, true, true, true, true},
    {Action::CreateVideo, true, true, false, true, false},
    {Action::SeeVideo, true, false, false, true, true},
    {Action::EditVideo, true, false, false, true, true},
    {Action::DeleteVideo, true, false, false, true, true},
    {Action::RestoreVideo, true, false, false, false, false},
    {Action::ForceState, true, false, false, false, false},
    {Action::StreamVideo, true, true, true, true, true},
    {Action::SeeFigures, true, false, false, true, true},
    {Action::ListUsers, true, false, false, false, false},
    {Action::ChangeRole, true, false, false, false, false},
};

}  // namespace

TEST_CASE("each role may do what the table says and no more") {
  for (const auto& line : Table) {
    INFO("action " << static_cast<int>(line.action));
    CHECK(mayDo(as(Role::Admin), line.action, {.owner = Other}) == line.admin);
    CHECK(mayDo(as(Role::Creator), line.action, {.owner = Other}) == line.creator);
    CHECK(mayDo(as(Role::Viewer), line.action, {.owner = Other}) == line.viewer);
    CHECK(mayDo(as(Role::Creator), line.action, {.owner = Me}) == line.own_creator);
    CHECK(mayDo(as(Role::Viewer), line.action, {.owner = Me}) == line.own_viewer);
  }
}

TEST_CASE("an unknown action is denied to everybody") {
  CHECK_FALSE(mayDo(as(Role::Admin), static_cast<Action>(99)));
}

TEST_CASE("an object without an owner is nobody's own") {
  CHECK_FALSE(mayDo(as(Role::Creator), Action::EditVideo));
  CHECK_THROWS_AS(authorize(as(Role::Creator), Action::EditVideo), Error);
}

TEST_CASE("roles are read in their exact spelling") {
  CHECK(parseRole("ADMIN") == Role::Admin);
  CHECK(parseRole(word(Role::Creator)) == Role::Creator);
  CHECK_FALSE(parseRole("admin"));
  CHECK_FALSE(parseRole(""));
}
