// Lists over a real database, held against a reading of the rules that is as simple as they are.
#include "catalog/video_list.h"

#include "catalog/video_counts.h"
#include "catalog/video_terms.h"
#include "unit/catalog/library.h"

#include <future>

using namespace reeld;
using namespace reeld::catalog;
using namespace reeld::test;

namespace {

std::vector<VideoQuery> queries(users::UserId creator) {
  std::vector<VideoQuery> all(1);
  const auto add = [&](auto change) {
    VideoQuery query;
    change(query);
    all.push_back(query);
  };
  for (const char* text :
       {"bunny", "BIG", "bun", "st", "ste", "big bunny",
        "\xc3\xbc"
        "ber",
        "\xe9\x9b\x84", "nowhere", "!!!", "20 big", "2012 bun", "клип", "КЛИ", "ÿÿÿ big"}) {
    add([&](VideoQuery& query) { query.words = text; });
    add([&](VideoQuery& query) {
      query.words = text;
      query.category = "drama";
      query.order = VideoOrder::Title;
    });
  }
  for (const auto state : {VideoState::Uploaded, VideoState::Ready, VideoState::Failed}) {
    add([&](VideoQuery& query) { query.state = state; });
    add([&](VideoQuery& query) {
      query.state = state;
      query.creator_id = creator;
    });
  }
  add([](VideoQuery& query) { query.category = "drama"; });
  add([](VideoQuery& query) { query.tag = "RUST"; });
  add([](VideoQuery& query) { query.tag = "big"; });
  add([](VideoQuery& query) {
    query.tag = "rust";
    query.words = "big";
    query.is_paid = true;
  });
  add([](VideoQuery& query) { query.is_paid = true; });
  add([](VideoQuery& query) { query.is_paid = false; });
  add([](VideoQuery& query) { query.deleted = true; });
  add([&](VideoQuery& query) { query.creator_id = creator; });
  return all;
}

}  // namespace

TEST_CASE("a list has what its reader may see and has asked for, in order, whatever the window") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      library.fill(120);
      const auto all = library.everything();
      const std::vector<VideoFilter> filters = {
          {.all = true, .also_of = std::nullopt},
          {.all = false, .also_of = std::nullopt},
          {.all = false, .also_of = library.creators.front()}};
      int seen = 0;
      for (auto query : queries(library.creators.back())) {
        for (const auto& filter : filters) {
          for (const auto order : {VideoOrder::Created, VideoOrder::Updated, VideoOrder::Title}) {
            query.order = order;
            query.ascending = (seen % 2) == 0;
            const auto want = expected(all, filter, query);
            const auto page = library.page(filter, query);
            INFO(query.words << " " << query.tag.value_or("") << " order "
                             << static_cast<int>(order));
            CHECK(idsOf(page.videos) == want);
            CHECK(page.total == static_cast<std::int64_t>(want.size()));
            CHECK(page.total_is_exact);
            const auto window = library.page(filter, query, 3, 4);
            CHECK(
                idsOf(window.videos) ==
                std::vector<VideoId>(want.begin() + std::min<std::ptrdiff_t>(3, std::ssize(want)),
                                     want.begin() + std::min<std::ptrdiff_t>(7, std::ssize(want))));
            CHECK(window.total == page.total);
            seen += static_cast<int>(want.size());
          }
        }
      }
      CHECK(seen > 1000);
      CHECK(library.page(filters.front(), {}, 1000, 10).total ==
            library.page(filters[0], {}).total);
    }
  }
}

TEST_CASE("videos are counted with every change, and the count can be made anew") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      library.fill(60);
      const char* const Difference = R"(
        SELECT CAST(COALESCE(SUM(ABS(n)), 0) AS BIGINT) FROM (
          SELECT SUM(n) AS n FROM (
            SELECT state, videos AS n FROM video_counts
            UNION ALL SELECT state, -1 FROM videos WHERE deleted_at IS NULL) x GROUP BY state) y)";
      CHECK(library.count(Difference) == 0);
      library.run("UPDATE video_counts SET videos = 7");
      CHECK(library.count(Difference) > 0);
      library.database->transact(recountVideos);
      CHECK(library.count(Difference) == 0);
    }
  }
}

TEST_CASE("a change of the texts changes what a video is found by, and nothing else's") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      VideoDraft draft;
      draft.title = "Big Buck Bunny";
      draft.tags = {"Rabbits"};
      const auto id = library.database->transact([&](db::Session& session) {
        insertVideo(session, library.creators[0], draft, 1);
        return insertVideo(session, library.creators[0], draft, 1);
      });
      draft.title = "Small bunny";
      draft.tags = {"hares"};
      library.database->transact([&](db::Session& session) { updateVideo(session, id, draft, 2); });
      const VideoFilter everybody{.all = true, .also_of = std::nullopt};
      const auto found = [&](const std::string& text, const char* tag = nullptr) {
        VideoQuery query;
        query.words = text;
        if (tag != nullptr) {
          query.tag = tag;
        }
        return idsOf(library.page(everybody, query).videos);
      };
      CHECK(found("small") == std::vector<VideoId>{id});
      CHECK(found("big") == std::vector<VideoId>{id - 1});
      CHECK(found("bunny") == std::vector<VideoId>{id, id - 1});
      CHECK(found("", "hares") == std::vector<VideoId>{id});
      CHECK(found("", "RABBITS") == std::vector<VideoId>{id - 1});
      CHECK(found("rabbits").empty());
    }
  }
}

TEST_CASE("videos that are given the same words at once are all found by them") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      library.fill(8);
      std::vector<std::future<void>> editors;
      for (VideoId id = 1; id <= 8; ++id) {
        editors.push_back(std::async(std::launch::async, [&library, id] {
          for (const char* title :
               {"first common words", "quite other ones", "common words again"}) {
            VideoDraft draft;
            draft.title = title;
            draft.category = "drama";
            library.database->transact([&](db::Session& session) {
              updateVideo(session, id, draft, 1);
              restoreVideo(session, id, 1);
            });
          }
        }));
      }
      for (auto& editor : editors) {
        editor.get();
      }
      VideoQuery query;
      query.words = "common words again";
      CHECK(library.page({.all = true, .also_of = std::nullopt}, query).total == 8);
      query.words = "other";
      CHECK(library.page({.all = true, .also_of = std::nullopt}, query).total == 0);
    }
  }
}

TEST_CASE("videos of an older reeld are indexed once") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      library.fill(5);
      library.run("DELETE FROM video_terms");
      library.run("UPDATE videos SET terms_version = 0, title_key = ''");
      const auto index = [&] {
        return library.database->transact(
            [](db::Session& session) { return indexOldVideos(session, 3); });
      };
      CHECK(index() == 3);
      CHECK(index() == 2);
      CHECK(index() == 0);
      CHECK(library.count("SELECT COUNT(*) FROM videos WHERE title_key = ''") == 0);
      CHECK(library.count("SELECT COUNT(DISTINCT video_id) FROM video_terms") == 5);
    }
  }
}

TEST_CASE("a very long description costs a bounded number of terms, and hides no tag or title") {
  VideoDraft draft;
  draft.title = "needle";
  draft.tags = {"haystack"};
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "w" + std::to_string(i) + " ";
  }
  draft.description = text;
  const auto terms = termsOf(draft);
  CHECK(terms.size() == 500);
  CHECK(terms.contains("needle"));
  CHECK(terms.contains("#haystack"));
  draft.description = std::string(20'000, 'x');
  CHECK(termsOf(draft).contains(std::string(64, 'x')));
}

TEST_CASE("a long list of what is filtered is counted as far as it matters") {
  Library library(db::Dialect::Sqlite);
  library.database->transact([&](db::Session& session) {
    VideoDraft draft;
    draft.title = "same";
    draft.category = "drama";
    for (int i = 0; i < 1100; ++i) {
      insertVideo(session, library.creators[0], draft, 1);
    }
  });
  const VideoFilter everybody{.all = true, .also_of = std::nullopt};
  VideoQuery query;
  query.category = "drama";
  CHECK(library.page(everybody, query, 0, 50).total == CountedUpTo);
  CHECK_FALSE(library.page(everybody, query, 0, 50).total_is_exact);
  CHECK(library.page(everybody, query, 1000, 50).total == 1051);
  CHECK(library.page(everybody, query, 1080, 50).total == 1100);
  CHECK(library.page(everybody, query, 1080, 50).total_is_exact);
  query.words = "same";
  CHECK(library.page(everybody, query, 0, 50).total == CountedUpTo);
  CHECK_FALSE(library.page(everybody, query, 0, 50).total_is_exact);
  CHECK(library.page(everybody, query, INT64_MAX, 200).videos.empty());
  query.words.clear();
  CHECK(library.page(everybody, query, INT64_MAX, 200).total == 1100);
  CHECK(library.page(everybody, {}, 0, 50).total == 1100);
  CHECK(library.page(everybody, {}, 0, 50).total_is_exact);
}
