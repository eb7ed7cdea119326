// From a play token to the playlists behind a grant, over real rows on both engines.
#include "cinema.h"

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;

TEST_CASE("a play token is exchanged for a master whose addresses carry a grant") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
      const auto redeemed = cinema.playback.redeem(token);
      CHECK(redeemed.encoding_id == 1);
      CHECK(redeemed.expires == cinema.clock.now() + 4 * 3'600'000);
      const std::string base = "/media/g/" + redeemed.grant + "/1/hls/";
      CHECK(redeemed.master_url == base + "master.m3u8");
      CHECK(redeemed.master ==
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS=\"avc1.4d401e\","
            "RESOLUTION=854x480,"
            "FRAME-RATE=25.000\n" +
                base +
                "480p/index.m3u8\n"
                "#EXT-X-STREAM-INF:BANDWIDTH=1800000,AVERAGE-BANDWIDTH=800000,CODECS=\"avc1."
                "4d401e\",RESOLUTION=1280x720,"
                "FRAME-RATE=25.000\n" +
                base + "720p/index.m3u8\n");
      CHECK(cinema.check(redeemed.grant) == GrantVerdict::Ok);
      CHECK(cinema.check(redeemed.grant, 2) == GrantVerdict::Foreign);
      cinema.clock.advance(4 * 3'600'000);
      CHECK(cinema.check(redeemed.grant) == GrantVerdict::Expired);
      cinema.revocations.stop();
    }
  }
}

TEST_CASE("media is loaded once and then found") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      CHECK_FALSE(cinema.playback.find(1));
      const auto media = cinema.playback.load(1);
      CHECK(cinema.playback.find(1) == media);
      CHECK(*media->master ==
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS=\"avc1.4d401e\","
            "RESOLUTION=854x480,"
            "FRAME-RATE=25.000\n480p/index.m3u8\n"
            "#EXT-X-STREAM-INF:BANDWIDTH=1800000,AVERAGE-BANDWIDTH=800000,CODECS=\"avc1.4d401e\","
            "RESOLUTION=1280x720,"
            "FRAME-RATE=25.000\n720p/index.m3u8\n");
      const MediaRendition* rendition = media->find("720p");
      REQUIRE(rendition != nullptr);
      CHECK(media->find("1080p") == nullptr);
      CHECK(*rendition->index ==
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n"
            "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXTINF:4.000000,\nsegment_000."
            "ts\n"
            "#EXTINF:4.000000,\nsegment_001.ts\n#EXT-X-ENDLIST\n");
      CHECK(*segmentKey(*rendition, "segment_001.ts") == "keys/720p/1");
      CHECK(codeOf([&] { cinema.playback.load(99); }) == ErrorCode::NotFound);
      cinema.revocations.stop();
    }
  }
}

TEST_CASE("a growing encoding lists its contiguous prefix and does not end") {
  Cinema cinema(db::Dialect::Sqlite);
  cinema.run("UPDATE encodings SET state = 'growing'");
  cinema.run("UPDATE segments SET number = 5 WHERE number = 1");
  const auto media = cinema.playback.load(1);
  CHECK(media->find("480p")->segment_keys.size() == 1);
  CHECK_THAT(*media->find("480p")->index, ContainsSubstring("TYPE:EVENT"));
  CHECK_THAT(*media->find("480p")->index, !ContainsSubstring("ENDLIST"));
  cinema.run("UPDATE encodings SET state = 'failed'");
  CHECK(codeOf([&] { cinema.playback.load(1); }) == ErrorCode::NotFound);
}

TEST_CASE("a view is counted once for each token, however often it is played") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
      cinema.playback.redeem(token);
      cinema.playback.redeem(token);
      cinema.playback.redeem(cinema.playback.issueToken(cinema.guest, cinema.video));
      CHECK(cinema.count("SELECT COUNT(*) FROM views") == 2);
      CHECK(cinema.count("SELECT COUNT(*) FROM outbox WHERE type = 'video.viewed'") == 2);
      cinema.revocations.stop();
    }
  }
}

TEST_CASE("a play token dies after a minute, and none but a play token is taken") {
  Cinema cinema(db::Dialect::Sqlite);
  const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
  const auto reason = [&](std::string_view text) {
    return reasonOf([&] { cinema.playback.redeem(text); });
  };
  CHECK(reason(token + "x") == "token-invalid");
  CHECK(reason("") == "token-invalid");
  CHECK(reason(cinema.signer.sign(TokenPurpose::Access, Json(Json::Object()), cinema.clock.now(),
                                  cinema.clock.now() + 60'000)) == "token-type");
  Json no_stream;
  no_stream.set("type", "other");
  CHECK(reason(cinema.signer.sign(TokenPurpose::Play, no_stream, cinema.clock.now(),
                                  cinema.clock.now() + 60'000)) == "token-type");
  cinema.clock.advance(61'000);
  CHECK(reason(token) == "token-expired");
  CHECK(codeOf([&] { cinema.playback.redeem(token); }) == ErrorCode::Unauthenticated);
}

TEST_CASE("rights are asked again when a token is exchanged") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
      const std::string owners = cinema.playback.issueToken(cinema.owner, cinema.video);
      cinema.run("UPDATE videos SET is_paid = 1, price_minor = 999");
      CHECK(reasonOf([&] { cinema.playback.redeem(token); }) == "purchase-required");
      CHECK(reasonOf([&] { cinema.playback.issueToken(cinema.guest, cinema.video); }) ==
            "purchase-required");
      CHECK(cinema.playback.redeem(owners).encoding_id == 1);
      cinema.run("UPDATE users SET is_active = 0");
      CHECK(reasonOf([&] { cinema.playback.redeem(owners); }) == "token-revoked");
      cinema.run("UPDATE videos SET deleted_at = 1");
      CHECK(codeOf([&] { cinema.playback.issueToken(cinema.owner, cinema.video); }) ==
            ErrorCode::NotFound);
      cinema.revocations.stop();
    }
  }
}

TEST_CASE("a revocation ends grants and play tokens that were issued before it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
      const std::string grant = cinema.playback.redeem(token).grant;
      cinema.database->transact([&](db::Session& session) {
        users::revoke(session, {.user_id = cinema.guest.user_id,
                                .session_id = {},
                                .video_id = {},
                                .revoked_at = cinema.clock.now(),
                                .expires_at = cinema.clock.now() + 3'600'000});
      });
      cinema.revocations.refresh();
      CHECK(cinema.check(grant) == GrantVerdict::Revoked);
      CHECK(reasonOf([&] { cinema.playback.redeem(token); }) == "token-revoked");
      cinema.clock.advance(30'000);
      const std::string later = cinema.playback.issueToken(cinema.guest, cinema.video);
      CHECK(cinema.check(cinema.playback.redeem(later).grant) == GrantVerdict::Ok);
      cinema.revocations.stop();
    }
  }
}

TEST_CASE(
    "what is granted after a revocation holds, even if the clock has stepped back behind it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Cinema cinema(dialect);
      const auto grant = [&] {
        return cinema.playback.redeem(cinema.playback.issueToken(cinema.guest, cinema.video)).grant;
      };
      const std::string before = grant();
      cinema.directory.setActive(cinema.guest.user_id, false, std::nullopt);
      cinema.revocations.refresh();
      CHECK(cinema.check(before) == GrantVerdict::Revoked);
      cinema.directory.setActive(cinema.guest.user_id, true, std::nullopt);
      cinema.clock.advance(-60'000);
      cinema.guest.session_id = cinema.signIn("guest@example.org").session_id;
      CHECK(cinema.check(grant()) == GrantVerdict::Ok);
      CHECK(cinema.check(before) == GrantVerdict::Revoked);
      cinema.revocations.stop();
    }
  }
}

TEST_CASE("a play token whose session has ended is void, whatever its time says") {
  Cinema cinema(db::Dialect::Sqlite);
  const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
  cinema.run("UPDATE sessions SET revoked_at = 1");  // and no revocation is known here
  CHECK(reasonOf([&] { cinema.playback.redeem(token); }) == "token-revoked");
}

TEST_CASE("posters are those of undeleted videos") {
  Cinema cinema(db::Dialect::Sqlite);
  CHECK(cinema.playback.posterKey(cinema.video) == "videos/1/posters/p.jpg");
  cinema.run("UPDATE videos SET deleted_at = 1");
  CHECK_FALSE(cinema.playback.posterKey(cinema.video));
  CHECK_FALSE(cinema.playback.posterKey(99));
}

TEST_CASE("the decision can be explained") {
  Cinema cinema(db::Dialect::Sqlite);
  const AccessDecision decision = cinema.playback.explain(cinema.guest.user_id, cinema.video);
  CHECK(decision.because == "free");
  CHECK(decision.steps.size() == 3);
  CHECK(codeOf([&] { cinema.playback.explain(99, cinema.video); }) == ErrorCode::NotFound);
}

TEST_CASE("each bad grant has an error of its own") {
  CHECK(codeOf([] { demandGrant(GrantVerdict::Ok); }) == ErrorCode::Ok);
  for (const auto verdict :
       {GrantVerdict::Malformed, GrantVerdict::Forged, GrantVerdict::Expired}) {
    CHECK(codeOf([&] { demandGrant(verdict); }) == ErrorCode::Unauthenticated);
    CHECK(reasonOf([&] { demandGrant(verdict); }) == reasonOf(verdict));
  }
  CHECK(codeOf([] { demandGrant(GrantVerdict::Foreign); }) == ErrorCode::Denied);
  CHECK(reasonOf([] { demandGrant(GrantVerdict::Revoked); }) == "grant-revoked");
}
