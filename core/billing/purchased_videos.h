// The entitlement of a purchase: a paid order opens its video for good. A refund or a dispute ends
// that.
#pragma once
#include "playback/access.h"

namespace reeld::billing {

class PurchasedVideos final : public playback::EntitlementSource {
 public:
  const std::string& name() const override { return name_; }
  Answer ask(db::Session& session, users::UserId user, const catalog::Video& video) override;
  std::vector<catalog::VideoId> newest(db::Session& session, users::UserId user,
                                       catalog::VideoId before, std::int64_t limit) override;

 private:
  const std::string name_ = "purchase";
};

}  // namespace reeld::billing
