#include "catalog/video_poster.h"

namespace reeld::catalog {

namespace {

const db::Statement SetMade{R"(
  UPDATE videos SET made_poster_key = $1,
                    poster_key = CASE WHEN own_poster = 1 THEN poster_key ELSE $1 END,
                    updated_at = $2
  WHERE id = $3)"};

const db::Statement Made{"SELECT made_poster_key FROM videos WHERE id = $1 {FOR UPDATE}"};

const db::Statement Own{
    "SELECT poster_key FROM videos WHERE id = $1 AND own_poster = 1 {FOR UPDATE}"};

const db::Statement SetOwn{R"(
  UPDATE videos SET poster_key = $1, own_poster = 1, updated_at = $2 WHERE id = $3)"};

const db::Statement DropOwn{R"(
  UPDATE videos SET poster_key = made_poster_key, own_poster = 0, updated_at = $1
  WHERE id = $2 AND own_poster = 1)"};

}  // namespace

std::optional<std::string> setMadePoster(db::Session& session, VideoId id, const std::string& key,
                                         EpochMs now) {
  session.announce(db::News::Catalog);
  const auto before = session.find(Made, id);
  session.execute(SetMade, key, now, id);
  return before ? before->maybeText(0) : std::nullopt;
}

std::optional<std::string> setOwnPoster(db::Session& session, VideoId id,
                                        const std::optional<std::string>& key, EpochMs now) {
  session.announce(db::News::Catalog);
  const auto before = session.find(Own, id);
  if (key) {
    session.execute(SetOwn, *key, now, id);
  } else {
    session.execute(DropOwn, now, id);
  }
  return before ? before->maybeText(0) : std::nullopt;
}

}  // namespace reeld::catalog
