#include "processing/abandonment.h"

#include "base/error.h"
#include "catalog/source.h"
#include "catalog/video_progress.h"
#include "processing/encoding_repository.h"
#include "processing/failure_hint.h"
#include "processing/part_repository.h"
#include "processing/sweep.h"

namespace reeld::processing {

namespace {

/// Another try with this file would end alike.
bool isOfTheSource(const Error& error) {
  return error.code() == ErrorCode::Invalid || error.code() == ErrorCode::Corrupt;
}

}  // namespace

void Abandonment::ofPart(db::Session& session, const Job& job, const std::string& stage,
                         const Error& error) {
  const auto encoding =
      job.encoding_id ? findEncoding(session, *job.encoding_id) : std::optional<Encoding>();
  if (!encoding) {
    return;
  }
  if (abandon(session, *encoding)) {
    failVideo(session, encoding->video_id, stage, error);
  } else if (encoding->state == EncodingState::Failed) {
    // Another job gave it up while this one still wrote.
    sweepLater(session, *encoding);
  }
}

void Abandonment::ofVideo(db::Session& session, std::int64_t video, const std::string& stage,
                          const Error& error) {
  ofGrowing(session, video);
  failVideo(session, video, stage, error);
}

void Abandonment::ofGrowing(db::Session& session, std::int64_t video) {
  for (const EncodingId id : growingEncodings(session, video)) {
    abandon(session, *findEncoding(session, id));
    catalog::withdrawUnfinished(session, video, session.now());
  }
}

bool Abandonment::abandon(db::Session& session, const Encoding& encoding) {
  if (!abandonEncoding(session, encoding.id)) {
    return false;
  }
  cancelParts(session, encoding.id);
  sweepLater(session, encoding);
  return true;
}

void Abandonment::sweepLater(db::Session& session, const Encoding& encoding) {
  session.afterCommit([this, video = encoding.video_id, id = encoding.id] {
    guarded(video, [&] { sweepEncodings(shop_.storage, video, {id}); });
  });
  removeLater(session, encoding.video_id,
              encoding.poster_key ? Keys{*encoding.poster_key} : Keys{});
}

void Abandonment::failVideo(db::Session& session, std::int64_t video, const std::string& stage,
                            const Error& error) {
  if (catalog::markFailed(session, video, describeFailure(stage, error), session.now()) &&
      isOfTheSource(error)) {
    // A file that was to replace another and cannot be used is forgotten: the one that plays is the
    // newest again.
    removeLater(session, video, catalog::dropSourcesAfterPlaying(session, video));
  }
}

void Abandonment::removeLater(db::Session& session, std::int64_t video, const Keys& keys) {
  session.afterCommit([this, video, keys] {
    guarded(video, [&] {
      for (const std::string& key : keys) {
        shop_.storage.remove(key);
      }
    });
  });
}

void Abandonment::guarded(std::int64_t video, const std::function<void()>& sweeping) const {
  try {
    sweeping();
  } catch (const Error& error) {
    shop_.log.warning("cannot sweep what dead tasks left",
                      {{"video", video}, {"error", error.what()}});
  }
}

}  // namespace reeld::processing
