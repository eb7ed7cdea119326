// Who may play what: the order of the contract as a table.
#include "playback/access.h"

#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;

namespace {

class Subscription final : public EntitlementSource {
 public:
  const std::string& name() const override { return name_; }
  Answer ask(db::Session&, users::UserId user, const catalog::Video&) override {
    return [user] { return user == 5 ? std::optional(Entitlement{1234}) : std::nullopt; };
  }
  std::vector<catalog::VideoId> newest(db::Session&, users::UserId, catalog::VideoId,
                                       std::int64_t) override {
    return {};  // of lists; none is asked for here
  }

 private:
  std::string name_ = "subscription";
};

struct Case {
  const char* name;
  bool exists, deleted, is_playable, is_paid;
  users::Role role;
  users::UserId user;
  AccessVerdict verdict;
  const char* because;
};
constexpr users::UserId Owner = 3;
using users::Role;

const Case Cases[] = {
    {"a missing video", false, false, true, false, Role::Admin, 1, AccessVerdict::NotFound, ""},
    {"a deleted video, for its owner too", true, true, true, false, Role::Creator, Owner,
     AccessVerdict::NotFound, ""},
    {"one without media, for administrators too", true, false, false, false, Role::Admin, 1,
     AccessVerdict::NotPlayable, ""},
    {"a free one", true, false, true, false, Role::Viewer, 9, AccessVerdict::Allowed, "free"},
    {"a paid one for an administrator", true, false, true, true, Role::Admin, 1,
     AccessVerdict::Allowed, "admin"},
    {"a paid one for its owner", true, false, true, true, Role::Viewer, Owner,
     AccessVerdict::Allowed, "owner"},
    {"a paid one for a subscriber", true, false, true, true, Role::Viewer, 5,
     AccessVerdict::Allowed, "subscription"},
    {"a paid one for another creator", true, false, true, true, Role::Creator, 9,
     AccessVerdict::PurchaseRequired, ""},
};

}  // namespace

TEST_CASE("access is decided in the order of the contract") {
  Site site(db::Dialect::Sqlite);
  Subscription subscription;
  for (const Case& one : Cases) {
    DYNAMIC_SECTION(one.name) {
      std::optional<catalog::Video> video;
      if (one.exists) {
        video.emplace();
        video->creator_id = Owner;
        video->is_paid = one.is_paid;
        video->current_encoding = one.is_playable ? std::optional<std::int64_t>(7) : std::nullopt;
        video->deleted_at = one.deleted ? std::optional<EpochMs>(1) : std::nullopt;
      }
      const users::Viewer viewer{
          .user_id = one.user, .role = one.role, .session_id = {}, .token_id = {}};
      const AccessDecision decision = site.database->read([&](db::Session& session) {
        return decideAccess(session, viewer, video, {&subscription});
      });
      CHECK(decision.verdict == one.verdict);
      CHECK(decision.because == one.because);
      CHECK(decision.ends ==
            (decision.because == "subscription" ? std::optional<EpochMs>(1234) : std::nullopt));
      CHECK_FALSE(decision.steps.empty());
    }
  }
}

TEST_CASE("a verdict becomes the error of the contract") {
  AccessDecision decision;
  CHECK(codeOf([&] { demandAccess(decision); }) == ErrorCode::NotFound);
  decision.verdict = AccessVerdict::NotPlayable;
  CHECK(codeOf([&] { demandAccess(decision); }) == ErrorCode::Invalid);
  CHECK(reasonOf([&] { demandAccess(decision); }) == "video-not-ready");
  decision.verdict = AccessVerdict::PurchaseRequired;
  CHECK(codeOf([&] { demandAccess(decision); }) == ErrorCode::Denied);
  CHECK(reasonOf([&] { demandAccess(decision); }) == "purchase-required");
  decision.verdict = AccessVerdict::Allowed;
  CHECK(codeOf([&] { demandAccess(decision); }) == ErrorCode::Ok);
}
