// The entitlement of a subscription: while its period (and grace) lasts, by this daemon's clock, it
// opens every paid video.
#pragma once
#include "base/clock.h"
#include "playback/access.h"

namespace reeld::billing {

class SubscribedVideos final : public playback::EntitlementSource {
 public:
  /// The clock outlives this.
  explicit SubscribedVideos(const Clock& clock) : clock_(clock) {}

  const std::string& name() const override { return name_; }
  Answer ask(db::Session& session, users::UserId user, const catalog::Video& video) override;
  std::vector<catalog::VideoId> newest(db::Session& session, users::UserId user,
                                       catalog::VideoId before, std::int64_t limit) override;

 private:
  std::optional<EpochMs> opensUntil(const db::Rows& rows) const;

  const Clock& clock_;
  const std::string name_ = "subscription";
};

}  // namespace reeld::billing
