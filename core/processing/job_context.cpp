#include "processing/job_context.h"

#include "base/error.h"
#include "processing/job_repository.h"

namespace reeld::processing {

namespace {
constexpr std::int64_t ProgressEveryMs = 1000;
}

void JobContext::stop(StopReason reason) noexcept {
  StopReason none = StopReason::None;
  stop_reason_.compare_exchange_strong(none, reason);
  cancelled_ = true;
}

void JobContext::checkpoint() const {
  if (cancelled_) {
    throw Error(ErrorCode::Cancelled, "the job was told to stop");
  }
}

void JobContext::progress(int permille) {
  const std::int64_t now = clock_.monotonicMs();
  if (now - progress_written_ < ProgressEveryMs) {
    return;
  }
  progress_written_ = now;
  const bool held = database_.transact(
      [&](db::Session& session) { return setProgress(session, lease_, permille); });
  if (!held) {
    stop(StopReason::Fenced);
  }
}

}  // namespace reeld::processing
