// May this person play this video? One function with the order of the contract, and its steps in
// words for `reeldctl access explain`. What opens a paid video comes from sources of entitlement;
// with none of them registered only the owner and administrators play it.
#pragma once
#include "catalog/video.h"
#include "db/database.h"
#include "users/user.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace reeld::playback {

struct Entitlement {
  std::optional<EpochMs> ends;  ///< nothing = for good
};

/// A subscription, a purchase: asked in the order they are registered.
class EntitlementSource {
 public:
  virtual ~EntitlementSource() = default;
  virtual const std::string& name() const = 0;  ///< "subscription"
  /// Puts the question, and gives what reads the answer: what several sources have put costs one
  /// wait.
  using Answer = std::function<std::optional<Entitlement>()>;
  virtual Answer ask(db::Session& session, users::UserId user, const catalog::Video& video) = 0;
  /// Ids below that one, newest first: so many of those that ask() might open to the user.
  virtual std::vector<catalog::VideoId> newest(db::Session& session, users::UserId user,
                                               catalog::VideoId before, std::int64_t limit) = 0;
};

enum class AccessVerdict { Allowed, NotFound, NotPlayable, PurchaseRequired };

struct AccessStep {
  std::string question;  ///< "is it free?"
  std::string answer;
};

struct AccessDecision {
  AccessVerdict verdict = AccessVerdict::NotFound;
  std::string because;            ///< free, admin, owner, or the name of the entitlement
  std::string hint;               ///< NotPlayable: what is missing
  std::optional<EpochMs> ends;    ///< of the entitlement
  std::vector<AccessStep> steps;  ///< in the order they were asked
};

/// `video` is nothing for one that is missing or deleted. The session serves the sources alone.
AccessDecision decideAccess(db::Session& session, const users::Viewer& viewer,
                            const std::optional<catalog::Video>& video,
                            const std::vector<EntitlementSource*>& sources);

/// Throws what the verdict means to a client: NOT_FOUND, INVALID (reason video-not-ready), DENIED
/// (reason purchase-required); nothing if it is allowed.
void demandAccess(const AccessDecision& decision);

}  // namespace reeld::playback
