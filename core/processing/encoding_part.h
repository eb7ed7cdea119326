// The jobs an encoding is made by, as rows: kind "encode" plans it; "encode-copy" takes the
// source's pictures for the top rung, where they are fit, and makes the sound; "encode-sound" makes
// the sound of any other title that is split; both let a range begin when its sound is there;
// "encode-range" makes some segments in all rungs; "encode-first", beside the first of them, the
// first segment of the smallest rung, and may fail; so may "encode-subtitles", which takes text
// out, and "encode-alternate", when all of these are done, one more track of sound;
// "encode-finish" verifies and makes it the one that plays, "encode-storyboard" then small pictures
// of it. Whichever of them ends last calls the next by the transaction it ends in.
#pragma once
#include "catalog/source.h"
#include "db/database.h"
#include "processing/encoding.h"
#include "processing/job_context.h"
#include "processing/job_kinds.h"
#include "processing/ladder.h"
#include "processing/range.h"
#include "processing/workshop.h"

#include <vector>

namespace reeld::processing {

/// An encoding as one of its jobs finds it.
struct EncodingWork {
  Encoding encoding;
  Plan plan;
  Json spec;  ///< of the whole title, as it was planned: settings may have changed since
  catalog::Source source;

  /// The spec with these rungs alone, and of renditions those that are theirs.
  Json specOf(const RungNames& rungs) const;
  static std::vector<Rendition> only(const RungNames& rungs, std::vector<Rendition> all);
};

/// Ends the job, as cancelled, if its encoding is not in that state, or no longer: then nobody
/// wants its part.
EncodingWork openWork(const Workshop& shop, JobContext& context,
                      EncodingState wanted = EncodingState::Growing);

/// In the transaction of a write: false if the encoding was given up meanwhile, or replaced, and
/// the job is told to stop. The first statement is the fence.
bool mayWrite(db::Session& session, JobContext& context,
              EncodingState wanted = EncodingState::Growing);

/// The next eight wake this daemon's runner once they are committed; `by` is the job that asks.
void enqueueCopy(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding);
void enqueueSound(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding);
/// After everything that pictures wait for.
void enqueueSubtitles(db::Session& session, const Workshop& shop, const Job& by,
                      EncodingId encoding);
/// The same, once the encoding plays.
void enqueueStoryboard(db::Session& session, const Workshop& shop, const Job& by,
                       EncodingId encoding);
void enqueueRange(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding,
                  const Range& range);
/// The same of a range whose time has come; with the title's first one its beginning, if that is to
/// be made by itself.
void callForRange(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding,
                  const Plan& plan, const Range& range);
/// Calls for what comes last if no part of the encoding is left to make: its other tracks of sound,
/// then its end; `by` is over.
void callForEnd(db::Session& session, const Workshop& shop, const Job& by, EncodingId encoding);
/// Completes the job; if no part is left to make, calls for the end of the encoding.
void completePart(db::Session& session, const Workshop& shop, JobContext& context,
                  const Json& result);

}  // namespace reeld::processing
