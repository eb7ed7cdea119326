// A catalogue over a real database, and what its lists must have by a reading of the rules that is
// as simple as they are: every video is looked at.
#pragma once
#include "base/unicode.h"
#include "catalog/video_list.h"
#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "unit/users/site.h"

#include <algorithm>
#include <random>

namespace reeld::test {

using namespace reeld::catalog;

inline bool hasTag(const Video& video, const std::string& wanted) {
  const Tags tags = parseTags(video.tags_json);
  return std::any_of(tags.begin(), tags.end(),
                     [&](const std::string& tag) { return folded(tag) == folded(wanted); });
}

inline bool hasWord(const Video& video, const std::string& wanted) {
  auto all = words(video.title);
  const auto more = words(video.description.value_or(""));
  all.insert(all.end(), more.begin(), more.end());
  return std::any_of(all.begin(), all.end(), [&](const std::string& word) {
    return word == wanted || (wanted.size() >= 3 && word.starts_with(wanted));
  });
}

inline bool isWanted(const Video& video, const VideoFilter& filter, const VideoQuery& query) {
  const bool seen = filter.all || video.state == VideoState::Ready ||
                    (filter.also_of && video.creator_id == *filter.also_of);
  const auto asked = words(query.words);
  return seen && video.deleted_at.has_value() == query.deleted &&
         (!query.category || video.category == *query.category) &&
         (!query.creator_id || video.creator_id == *query.creator_id) &&
         (!query.is_paid || video.is_paid == *query.is_paid) &&
         (!query.state || video.state == *query.state) && (query.words.empty() || !asked.empty()) &&
         std::all_of(asked.begin(), asked.end(),
                     [&](const std::string& word) { return hasWord(video, word); }) &&
         (!query.tag || hasTag(video, *query.tag));
}

struct Library : Site {
  explicit Library(db::Dialect dialect) : Site(dialect) {
    for (const char* name : {"a@example.org", "b@example.org"}) {
      creators.push_back(add(name, users::Role::Creator));
    }
  }

  template <class List>
  const auto& one(const List& list) {
    return list[random() % list.size()];
  }

  void fill(int count) {
    const std::vector<std::string> some = {"Big",
                                           "BUNNY",
                                           "bun",
                                           "tears",
                                           "of",
                                           "Steel",
                                           "2012",
                                           "\xc3\x9c"
                                           "ber",
                                           "\xe5\xa4\xa7\xe9\x9b\x84",
                                           "клип",
                                           "клипы",
                                           "ÿÿÿ"};
    const std::vector<Tags> tags = {{}, {"Rust"}, {"rust", "big data"}, {"B"}};
    const std::vector<std::string> categories = {"drama", "animals", "drama"};
    for (int i = 0; i < count; ++i) {
      VideoDraft draft;
      draft.title = one(some) + " " + one(some);
      if (random() % 2 == 0) {
        draft.description = one(some) + ", " + one(some);
      }
      draft.tags = one(tags);
      draft.category = one(categories);
      draft.is_paid = random() % 3 == 0;
      draft.price_minor = draft.is_paid ? std::optional<std::int64_t>(100) : std::nullopt;
      database->transact([&](db::Session& session) {
        live(session, insertVideo(session, one(creators), draft, clock.now() + i));
      });
    }
  }

  /// Through some of its states, by the functions that keep count.
  void live(db::Session& session, VideoId id) {
    const EpochMs now = clock.now() + static_cast<EpochMs>(random() % 1000);
    const auto steps = random() % 6;
    if (steps > 0) {
      startProcessing(session, id, now);
    }
    if (steps == 2) {
      markFailed(session, id, {"probe", "cause", "hint"}, now);
    } else if (steps > 2) {
      markReady(session, id, {.encoding_id = 1, .duration_ms = 1000, .damaged = false}, now);
    }
    if (random() % 6 == 0) {
      softDeleteVideo(session, id, now);
      if (random() % 2 == 0) {
        restoreVideo(session, id, now + 1);
      }
    }
  }

  /// Of words that many have, in the rows alone: by far quicker than one by one.
  void fillWithCommon(int count) {
    const std::string numbers =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < " +
        std::to_string(count) + ") ";
    const std::string owner = std::to_string(creators.front());
    run((numbers +
         "INSERT INTO videos (creator_id, title, category, is_paid, price_minor, state, title_key,"
         " terms_version, current_encoding, created_at, updated_at, tags, deleted_at)"
         " SELECT " +
         owner +
         ", t, CASE WHEN i % 3 = 0 THEN 'drama' ELSE 'other' END, i % 2,"
         " CASE WHEN i % 2 = 1 THEN 5 END, CASE WHEN i % 9 = 0 THEN 'UPLOADED' ELSE 'READY' END,"
         " t, 1, 1, i, (i * 7919) % 10007, '[\"all\"]', CASE WHEN i % 13 = 0 THEN i END FROM "
         "(SELECT i, CASE WHEN i % 2 = 0 THEN 'even' ELSE "
         "'odd'"
         " END || ' every of pre' || (i % 100) || CASE WHEN i > 5000 THEN ' newer' ELSE ' older' "
         "END"
         " || CASE WHEN i % 700 = 1 THEN ' rare' ELSE '' END || CASE WHEN i % 20 < 9 THEN ' zulu'"
         " ELSE '' END || CASE WHEN i % 20 = 0 OR i % 20 > 8 THEN ' yankee' ELSE '' END AS t FROM "
         "n) x")
            .c_str());
    for (const char* word :
         {"even", "odd", "every", "of", "newer", "older", "rare", "zulu", "yankee"}) {
      run(("INSERT INTO video_terms (video_id, term) SELECT id, '" + std::string(word) +
           "' FROM videos WHERE ' ' || title || ' ' LIKE '% " + word + " %'")
              .c_str());
    }
    run("INSERT INTO video_terms (video_id, term) SELECT id, '#all' FROM videos");
    run((numbers + "INSERT INTO video_terms (video_id, term) SELECT v.id, 'pre' || (n.i - 1) FROM"
                   " n, videos v WHERE n.i <= 100 AND v.title LIKE '% pre' || (n.i - 1) || ' %'")
            .c_str());
  }

  std::vector<Video> everything() {
    return database->read([](db::Session& session) {
      std::vector<Video> all;
      for (VideoId id = 1; const auto video = findVideoEvenDeleted(session, id); ++id) {
        all.push_back(*video);
      }
      return all;
    });
  }
  VideoPage page(const VideoFilter& filter, const VideoQuery& query, std::int64_t skip = 0,
                 std::int64_t limit = 1000) {
    return database->read(
        [&](db::Session& session) { return listVideos(session, filter, query, skip, limit); });
  }

  std::vector<users::UserId> creators;
  std::mt19937 random{20'261'120};
};

inline std::vector<VideoId> idsOf(const std::vector<Video>& videos) {
  std::vector<VideoId> ids;
  for (const Video& video : videos) {
    ids.push_back(video.id);
  }
  return ids;
}

inline std::vector<VideoId> expected(const std::vector<Video>& all, const VideoFilter& filter,
                                     const VideoQuery& query) {
  std::vector<Video> wanted;
  std::copy_if(all.begin(), all.end(), std::back_inserter(wanted),
               [&](const Video& video) { return isWanted(video, filter, query); });
  const auto key = [&](const Video& video) {
    return std::tuple(query.order == VideoOrder::Updated ? video.updated_at : 0,
                      query.order == VideoOrder::Title ? folded(video.title) : "", video.id);
  };
  std::sort(wanted.begin(), wanted.end(), [&](const Video& a, const Video& b) {
    return query.ascending ? key(a) < key(b) : key(b) < key(a);
  });
  return idsOf(wanted);
}

}  // namespace reeld::test
