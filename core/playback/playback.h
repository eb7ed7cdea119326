// Playing: a play token for those who may watch, its exchange for a grant and the master playlist,
// and the media behind a grant. Money and rights are asked at the token and again at its exchange;
// after that the grant alone speaks, until it expires or is revoked.
#pragma once
#include "base/clock.h"
#include "base/token.h"
#include "playback/access.h"
#include "playback/grant.h"
#include "playback/media_index.h"
#include "playback/revocations.h"
#include "playback/view_counter.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reeld::playback {

inline constexpr std::int64_t PlayTokenMs = 60'000;

class Playback {
 public:
  /// Everything outlives this. `entitlements` in the order they are asked.
  Playback(db::Database& database, const Clock& clock, const TokenSigner& tokens,
           const GrantSigner& grants, const Revocations& revocations, MediaIndex& index,
           ViewCounter& views, std::vector<EntitlementSource*> entitlements);

  struct Ticket {
    std::string token;
    bool has_storyboard = false;
  };
  /// A play token for the video; throws what demandAccess() throws. Worker lane.
  Ticket issueTicket(const users::Viewer& viewer, catalog::VideoId video);
  /// The same, where the token alone is of interest.
  std::string issueToken(const users::Viewer& viewer, catalog::VideoId video) {
    return issueTicket(viewer, video).token;
  }

  struct Redeemed {
    std::int64_t encoding_id = 0;
    catalog::VideoId video_id = 0;
    std::string grant;
    EpochMs expires = 0;     ///< of the grant
    std::string media_url;   ///< /media/g/<grant>/<encoding>/
    std::string master_url;  ///< /media/g/<grant>/<encoding>/hls/master.m3u8
    std::string master;      ///< its text, with URLs from the root of this site
    std::shared_ptr<const Media> media;
  };
  /// Rechecks everything, counts the view once per token, makes the grant; a view that cannot be
  /// written at the moment keeps nobody from playing. Throws UNAUTHENTICATED
  /// (reasons token-expired, token-invalid, token-type, token-revoked) and what demandAccess()
  /// throws. Worker lane.
  Redeemed redeem(std::string_view token);

  /// [hot] The verdict on a grant for the encoding its URL names, revocations included.
  GrantVerdict checkGrant(std::string_view grant, std::int64_t encoding_id) const noexcept;

  /// [hot] nullptr = Defer.
  std::shared_ptr<const Media> find(std::int64_t encoding_id) const {
    return index_.find(encoding_id);
  }
  /// From the database, and into the index. Throws NOT_FOUND. Worker lane.
  std::shared_ptr<const Media> load(std::int64_t encoding_id);
  /// What find() gave is there no more.
  void drop(std::int64_t encoding_id) { index_.drop(encoding_id); }

  /// Of an undeleted video that has a picture; "" for a READY one without. Worker lane.
  std::optional<std::string> posterKey(catalog::VideoId video);

  /// The decision with its steps (reeldctl access explain). Throws NOT_FOUND for an unknown user.
  AccessDecision explain(users::UserId user, catalog::VideoId video);

 private:
  AccessDecision decide(db::Session& session, const users::Viewer& viewer,
                        const std::optional<catalog::Video>& video);

  db::Database& database_;
  const Clock& clock_;
  const TokenSigner& tokens_;
  const GrantSigner& grants_;
  const Revocations& revocations_;
  MediaIndex& index_;
  ViewCounter& views_;
  std::vector<EntitlementSource*> entitlements_;
};

/// Throws UNAUTHENTICATED (malformed, forged, expired) or DENIED (revoked, foreign) with the
/// verdict's reason; nothing for Ok.
void demandGrant(GrantVerdict verdict);

}  // namespace reeld::playback
