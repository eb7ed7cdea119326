// What happens while a play token is being exchanged.
#include "cinema.h"

#include <thread>

using namespace reeld;
using namespace reeld::playback;
using namespace reeld::test;

TEST_CASE("a grant does not outlive a right that ended while it was being made") {
  struct Ending final : EntitlementSource {
    explicit Ending(Cinema& of) : cinema(of) {}
    const std::string& name() const override { return text; }
    /// Ends as soon as it was read.
    Answer ask(db::Session&, users::UserId user, const catalog::Video&) override {
      return [this, user] {
        std::jthread([this, user] { end(user); }).join();
        cinema.clock.advance(30'000);
        return Entitlement{};
      };
    }
    std::vector<catalog::VideoId> newest(db::Session&, users::UserId, catalog::VideoId,
                                         std::int64_t) override {
      return {};
    }
    void end(users::UserId user) {
      cinema.database->transact([&](db::Session& session) {
        users::revoke(session, {.user_id = user,
                                .session_id = {},
                                .video_id = {},
                                .revoked_at = cinema.clock.now(),
                                .expires_at = cinema.clock.now() + 3'600'000});
      });
    }
    Cinema& cinema;
    const std::string text = "purchase";
  };
  Cinema cinema(db::Dialect::Sqlite);
  const std::string token = cinema.playback.issueToken(cinema.guest, cinema.video);
  cinema.run("UPDATE videos SET is_paid = 1, price_minor = 999");
  Ending source(cinema);
  Playback playback{*cinema.database,   cinema.clock, cinema.signer, cinema.grants,
                    cinema.revocations, cinema.index, cinema.views,  {&source}};
  const std::string grant = playback.redeem(token).grant;
  cinema.revocations.refresh();
  CHECK(cinema.check(grant) == GrantVerdict::Revoked);
}
