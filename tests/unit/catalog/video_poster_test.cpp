// Which picture a video shows, whichever of the two changes.
#include "catalog/video_poster.h"

#include "catalog/video_repository.h"
#include "unit/users/site.h"

using namespace reeld;
using namespace reeld::catalog;
using namespace reeld::test;

TEST_CASE("an own picture stays whatever is made, and the made one is back without it") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Site site(dialect);
      const auto owner = site.add("owner@example.org", users::Role::Creator);
      site.database->transact([&](db::Session& session) {
        VideoDraft draft;
        draft.title = "film";
        const auto id = insertVideo(session, owner, draft, 1);
        const auto shown = [&] { return findVideo(session, id)->poster_key.value_or("none"); };
        CHECK_FALSE(setMadePoster(session, id, "made 1", 2));
        CHECK(shown() == "made 1");
        CHECK_FALSE(setOwnPoster(session, id, "own 1", 3));
        CHECK(shown() == "own 1");
        CHECK(findVideo(session, id)->own_poster);
        CHECK(findVideo(session, id)->updated_at == 3);
        CHECK(setMadePoster(session, id, "made 2", 4) == "made 1");
        CHECK(shown() == "own 1");
        CHECK(setOwnPoster(session, id, "own 2", 5) == "own 1");
        CHECK(setOwnPoster(session, id, std::nullopt, 6) == "own 2");
        CHECK(shown() == "made 2");
        CHECK_FALSE(findVideo(session, id)->own_poster);
        CHECK_FALSE(setOwnPoster(session, id, std::nullopt, 7));
        CHECK(findVideo(session, id)->updated_at == 6);
      });
    }
  }
}
