// Searches: every plan they are answered by against looking at every video, words of any script,
// and how many words there may be.
#include "base/error.h"
#include "catalog/search_term.h"
#include "unit/catalog/library.h"

using namespace reeld;
using namespace reeld::catalog;
using namespace reeld::test;

TEST_CASE(
    "a search among many, by words that many have, finds the same as looking at every video") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      library.fillWithCommon(10000);
      const auto all = library.everything();
      const VideoFilter everybody{.all = true, .also_of = std::nullopt};
      const VideoFilter viewer{.all = false, .also_of = std::nullopt};
      int turn = 0;
      for (const char* text : {"every",
                               "even",
                               "even every",
                               "even odd",
                               "even rare",
                               "pre",
                               "pre12",
                               "pre even",
                               "pre newer odd",
                               "older",
                               "older even",
                               "zulu",
                               "older newer",
                               "pre rare",
                               "of",
                               "of even",
                               "of pre",
                               "",
                               "every",
                               "eve",
                               "eve pre",
                               "zulu yankee",
                               "zulu yankee newer",
                               "zulu yankee odd",
                               "zulu yankee pre"}) {
        for (const auto order : {VideoOrder::Created, VideoOrder::Updated, VideoOrder::Title}) {
          VideoQuery query;
          query.words = text;
          query.order = order;
          if (query.words.empty() || turn % 6 == 5) {
            query.tag = "ALL";
          }
          query.deleted = turn % 11 == 10;
          query.ascending = ++turn % 2 == 0;
          query.category = turn % 3 == 0 ? std::optional<std::string>("drama") : std::nullopt;
          query.is_paid = turn % 5 == 0 ? std::optional(true) : std::nullopt;
          const VideoFilter& filter = turn % 4 == 0 ? viewer : everybody;
          const auto want = expected(all, filter, query);
          const auto total = static_cast<std::int64_t>(want.size());
          for (const std::int64_t skip : {0, 60, 7000}) {
            INFO(text << " order " << static_cast<int>(order) << " turn " << turn << " skip "
                      << skip);
            const auto page = library.page(filter, query, skip, 50);
            const auto from = want.begin() + std::min(skip, total);
            CHECK(idsOf(page.videos) ==
                  std::vector<VideoId>(from, from + std::min<std::int64_t>(50, want.end() - from)));
            CHECK(page.total <= total);
            CHECK(page.total >= std::min(total, skip + 51));
            CHECK((!page.total_is_exact || page.total == total));
          }
        }
      }
    }
  }
}

TEST_CASE("words of any script are found by themselves and by their beginnings") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Library library(dialect);
      const std::string thai = "ประเทศไทยรวมเลือดเนื้อชาติเชื้อไทย";
      std::string mixed = "x";
      for (int i = 0; i < 40; ++i) {
        mixed += "ø";
      }
      const std::vector<std::string> titles = {
          "Мой клип", "Суп дня", "το νερό", thai,
          mixed,      "abcż",    "ÿÿÿ",     "\U0001F600 \U00020000\U00020001"};
      for (const std::string& title : titles) {
        VideoDraft draft;
        draft.title = title;
        library.database->transact([&](db::Session& session) {
          return insertVideo(session, library.creators[0], draft, 1);
        });
      }
      const auto found = [&](const std::string& text) {
        VideoQuery query;
        query.words = text;
        const auto page = library.page({.all = true, .also_of = std::nullopt}, query);
        std::vector<std::string> names;
        for (const Video& video : page.videos) {
          names.push_back(video.title);
        }
        return names;
      };
      using Names = std::vector<std::string>;
      CHECK(found("клип") == Names{"Мой клип"});
      CHECK(found("КЛИ") == Names{"Мой клип"});
      CHECK(found("суп") == Names{"Суп дня"});
      CHECK(found("το") == Names{"το νερό"});
      CHECK(found("ÿÿÿ") == Names{"ÿÿÿ"});
      CHECK(found("ÿÿ") == Names{"ÿÿÿ"});
      CHECK(found("abcż") == Names{"abcż"});
      CHECK(found("поп").empty());
      CHECK(found(thai) == Names{thai});
      CHECK(found(thai.substr(0, 3 * 21)) == Names{thai});  // as much of it as is kept
      CHECK(found(thai.substr(0, 3 * 4)) == Names{thai});
      CHECK(found(mixed) == Names{mixed});
      CHECK(found(mixed + "ø") == Names{mixed});
      CHECK(found("xøø") == Names{mixed});
      CHECK(found("\U00020001") == Names{titles.back()});
    }
  }
}

TEST_CASE("a search has at most 32 different words, and says so") {
  std::string text;
  for (int i = 0; i < 32; ++i) {
    text += "w" + std::to_string(i) + " ";
  }
  VideoQuery query;
  query.words = text + "w7 W8";
  CHECK(searchTerms(query).size() == 32);
  query.words = text + "w32";
  CHECK_THROWS_AS(searchTerms(query), Error);
}
