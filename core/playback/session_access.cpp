#include "playback/session_access.h"

#include "base/error.h"
#include "catalog/video_repository.h"
#include "users/session_repository.h"

#include <algorithm>

namespace reeld::playback {

namespace {

struct Found {
  std::int64_t encoding_id = 0;
  std::int64_t lasts_ms = 0;  ///< as far as it is known today; 0 = is asked again each time
};

/// A role may change without a revocation, so what rests on one is not remembered.
std::int64_t lastingMs(const AccessDecision& decision, EpochMs session_ends, EpochMs now) {
  if (decision.because == "admin") {
    return 0;
  }
  return std::min({SessionAccess::RememberedMs, session_ends - now,
                   decision.ends.value_or(session_ends) - now});
}

}  // namespace

SessionAccess::SessionAccess(db::Database& database, const Clock& clock,
                             const Revocations& revocations,
                             std::vector<EntitlementSource*> entitlements)
    : database_(database),
      clock_(clock),
      revocations_(revocations),
      entitlements_(std::move(entitlements)) {}

std::size_t SessionAccess::KeyHash::operator()(const Key& key) const noexcept {
  return RevocationKeyHash()({key.user, key.video, key.session});
}

SessionAccess::Key SessionAccess::keyOf(const Asked& asked) {
  return {asked.user, asked.video, sessionFingerprint(asked.session)};
}

std::optional<std::int64_t> SessionAccess::find(const Asked& asked) const {
  const Key key = keyOf(asked);
  const std::int64_t now = clock_.monotonicMs();
  const auto known = shards_[key.session % Shards].with(
      [&](const Decisions& decisions) -> std::optional<Decision> {
        const auto found = decisions.find(key);
        return found != decisions.end() && now < found->second.good_until
                   ? std::optional(found->second)
                   : std::nullopt;
      });
  if (!known) {
    return std::nullopt;
  }
  Grant grant;
  grant.video_id = key.video;
  grant.user_id = key.user;
  grant.session = key.session;
  grant.issued = known->issued;
  return revocations_.isRevoked(grant) ? std::nullopt : std::optional(known->encoding_id);
}

std::int64_t SessionAccess::demand(const Asked& asked) {
  // Both clocks are read before the database is: whatever is ended meanwhile is the younger one.
  const EpochMs now = clock_.now();
  const std::int64_t monotonic = clock_.monotonicMs();
  const Found found = database_.read([&](db::Session& session) -> Found {
    const auto live = users::findViewer(session, asked.session, asked.user, now);
    if (!live) {
      throw Error(ErrorCode::Unauthenticated, "this session has ended: sign in again")
          .reason("session-ended");
    }
    auto video = catalog::findVideo(session, asked.video);
    if (video && (video->state != catalog::VideoState::Ready || !video->playable())) {
      video.reset();
    }
    const auto decision = decideAccess(session, live->viewer, video, entitlements_);
    demandAccess(decision);
    return {*video->current_encoding, lastingMs(decision, live->until, now)};
  });
  if (found.lasts_ms > 0) {
    remember(keyOf(asked), {.encoding_id = found.encoding_id,
                            .issued = now - CautionMs,
                            .good_until = monotonic + found.lasts_ms});
  }
  return found.encoding_id;
}

void SessionAccess::remember(const Key& key, const Decision& decision) {
  const std::int64_t now = clock_.monotonicMs();
  shards_[key.session % Shards].with([&](Decisions& decisions) {
    if (decisions.size() >= MostPerShard && !decisions.contains(key)) {
      std::erase_if(decisions, [&](const auto& one) { return now >= one.second.good_until; });
      if (decisions.size() >= MostPerShard) {
        decisions.clear();
      }
    }
    decisions[key] = decision;
  });
}

}  // namespace reeld::playback
