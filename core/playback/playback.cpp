#include "playback/playback.h"

#include "base/error.h"
#include "catalog/video_repository.h"
#include "playback/playback_repository.h"
#include "users/session_repository.h"
#include "users/user_repository.h"

namespace reeld::playback {

namespace {

[[noreturn]] void refuseToken(TokenVerdict verdict) {
  if (verdict == TokenVerdict::WrongPurpose) {
    throw Error(ErrorCode::Unauthenticated, "Invalid token type").reason("token-type");
  }
  throw Error(ErrorCode::Unauthenticated, "Invalid or expired stream token")
      .reason(verdict == TokenVerdict::Expired ? "token-expired" : "token-invalid");
}

[[noreturn]] void refuseRevoked() {
  throw Error(ErrorCode::Unauthenticated, "Invalid or expired stream token")
      .reason("token-revoked");
}

struct PlayClaims {
  catalog::VideoId video = 0;
  users::UserId user = 0;
  EpochMs issued = 0;
  std::string session;
  std::string token_id;
};

/// The token is ours, so its claims are there; one that was made by an older release may lack some.
PlayClaims claimsOf(const Json& json) {
  const auto number = [&](std::string_view name) {
    const Json* found = json.find(name);
    if (found == nullptr || !found->isInteger()) {
      refuseToken(TokenVerdict::Malformed);
    }
    return found->integer();
  };
  const auto text = [&](std::string_view name) {
    const Json* found = json.find(name);
    if (found == nullptr || !found->isString()) {
      refuseToken(TokenVerdict::Malformed);
    }
    return found->text();
  };
  if (text("type") != "stream") {
    refuseToken(TokenVerdict::WrongPurpose);
  }
  return {number("video_id"), number("user_id"), number("iat_ms"), text("sid"), text("jti")};
}

/// What a grant of theirs would say, as far as revocations go by it.
Grant grantOf(users::UserId user, catalog::VideoId video, std::string_view session) {
  Grant grant;
  grant.video_id = video;
  grant.user_id = user;
  grant.session = sessionFingerprint(session);
  return grant;
}

users::Viewer toViewer(const users::User& user, std::string session_id) {
  return {
      .user_id = user.id, .role = user.role, .session_id = std::move(session_id), .token_id = {}};
}

}  // namespace

Playback::Playback(db::Database& database, const Clock& clock, const TokenSigner& tokens,
                   const GrantSigner& grants, const Revocations& revocations, MediaIndex& index,
                   ViewCounter& views, std::vector<EntitlementSource*> entitlements)
    : database_(database),
      clock_(clock),
      tokens_(tokens),
      grants_(grants),
      revocations_(revocations),
      index_(index),
      views_(views),
      entitlements_(std::move(entitlements)) {}

AccessDecision Playback::decide(db::Session& session, const users::Viewer& viewer,
                                const std::optional<catalog::Video>& video) {
  return decideAccess(session, viewer, video, entitlements_);
}

Playback::Ticket Playback::issueTicket(const users::Viewer& viewer, catalog::VideoId video) {
  Ticket ticket;
  database_.read([&](db::Session& session) {
    const auto found = catalog::findVideo(session, video);
    demandAccess(decide(session, viewer, found));
    ticket.has_storyboard =
        found->current_encoding && hasStoryboard(session, *found->current_encoding);
  });
  const EpochMs now = clock_.now();
  Json claims;
  claims.set("type", "stream");
  claims.set("video_id", video);
  claims.set("user_id", viewer.user_id);
  claims.set("sid", viewer.session_id);
  // Revocations are compared to the millisecond, `iat` has seconds.
  claims.set("iat_ms", revocations_.issueTime(grantOf(viewer.user_id, video, viewer.session_id)));
  ticket.token = tokens_.sign(TokenPurpose::Play, std::move(claims), now, now + PlayTokenMs);
  return ticket;
}

Playback::Redeemed Playback::redeem(std::string_view token) {
  const EpochMs now = clock_.now();
  const VerifiedToken verified = tokens_.verify(TokenPurpose::Play, token, now);
  if (verified.verdict != TokenVerdict::Ok) {
    refuseToken(verified.verdict);
  }
  const PlayClaims claims = claimsOf(verified.claims);
  Grant grant = grantOf(claims.user, claims.video, claims.session);
  grant.issued = claims.issued;
  if (revocations_.isRevoked(grant)) {
    refuseRevoked();
  }
  // Before the rights are read: one that ends between that and the signing ends the grant too.
  grant.issued = revocations_.issueTimeBeforeRead(grant);
  const catalog::Video video = database_.read([&](db::Session& session) {
    const auto user = users::findUser(session, claims.user);
    // The session too: a token asked for while it was being ended may be younger than its end.
    if (!user || !user->is_active || !users::findSession(session, claims.session, now)) {
      refuseRevoked();
    }
    auto found = catalog::findVideo(session, claims.video);
    const AccessDecision decision = decide(session, toViewer(*user, claims.session), found);
    demandAccess(decision);
    grant.expires = grantExpiry(now, found->duration_ms.value_or(0), decision.ends);
    return std::move(*found);
  });
  views_.count({.video = claims.video,
                .user = claims.user,
                .token_id = claims.token_id,
                .at = now,
                .creator = video.creator_id});
  grant.encoding_id = *video.current_encoding;
  auto media = find(grant.encoding_id);
  if (!media) {
    media = load(grant.encoding_id);
  }
  Redeemed redeemed;
  redeemed.encoding_id = grant.encoding_id;
  redeemed.video_id = claims.video;
  redeemed.grant = grants_.sign(grant);
  redeemed.expires = grant.expires;
  redeemed.media_url = "/media/g/" + redeemed.grant + "/" + std::to_string(grant.encoding_id) + "/";
  const std::string base = redeemed.media_url + "hls/";
  redeemed.master_url = base + "master.m3u8";
  redeemed.master = media->masterBelow(base);
  redeemed.media = std::move(media);
  return redeemed;
}

GrantVerdict Playback::checkGrant(std::string_view text, std::int64_t encoding_id) const noexcept {
  Grant grant;
  const GrantVerdict verdict = grants_.check(text, encoding_id, clock_.now(), grant);
  if (verdict == GrantVerdict::Ok && revocations_.isRevoked(grant)) {
    return GrantVerdict::Revoked;
  }
  return verdict;
}

std::shared_ptr<const Media> Playback::load(std::int64_t encoding_id) {
  auto media =
      database_.read([&](db::Session& session) { return loadMedia(session, encoding_id); });
  if (!media) {
    throw Error(ErrorCode::NotFound, "there is no encoding " + std::to_string(encoding_id));
  }
  index_.put(media);
  return media;
}

std::optional<std::string> Playback::posterKey(catalog::VideoId video) {
  return database_.readOne([&](db::Session& session) { return findPosterKey(session, video); });
}

AccessDecision Playback::explain(users::UserId id, catalog::VideoId video) {
  return database_.read([&](db::Session& session) {
    const auto user = users::findUser(session, id);
    if (!user) {
      throw Error(ErrorCode::NotFound, "there is no user " + std::to_string(id));
    }
    return decide(session, toViewer(*user, {}), catalog::findVideo(session, video));
  });
}

void demandGrant(GrantVerdict verdict) {
  if (verdict == GrantVerdict::Ok) {
    return;
  }
  const bool is_stale = verdict == GrantVerdict::Revoked || verdict == GrantVerdict::Foreign;
  throw Error(is_stale ? ErrorCode::Denied : ErrorCode::Unauthenticated,
              verdict == GrantVerdict::Expired
                  ? "this play address has expired: ask for the stream again"
              : is_stale ? "this play address is no longer good: ask for the stream again"
                         : "this play address is not one of this site")
      .reason(std::string(reasonOf(verdict)));
}

}  // namespace reeld::playback
