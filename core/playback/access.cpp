#include "playback/access.h"

#include "base/error.h"

namespace reeld::playback {

namespace {

/// Notes each question; the first answer that decides ends the questioning.
class Questions {
 public:
  explicit Questions(AccessDecision& decision) : decision_(decision) {}

  bool ask(const std::string& question, bool yes) {
    decision_.steps.push_back({question, yes ? "yes" : "no"});
    return yes;
  }
  void allow(const std::string& because, std::optional<EpochMs> ends = std::nullopt) {
    decision_.verdict = AccessVerdict::Allowed;
    decision_.because = because;
    decision_.ends = ends;
  }

 private:
  AccessDecision& decision_;
};

/// What somebody who may see the video can do about it.
const char* hintFor(catalog::VideoState state) {
  switch (state) {
    case catalog::VideoState::Uploaded:
      return "it has no file yet, upload one";
    case catalog::VideoState::Processing:
      return "its file is being processed, try again soon";
    case catalog::VideoState::Failed:
      return "its file could not be processed, upload another";
    case catalog::VideoState::Ready:
      break;
  }
  return "it has nothing to play";
}

}  // namespace

AccessDecision decideAccess(db::Session& session, const users::Viewer& viewer,
                            const std::optional<catalog::Video>& video,
                            const std::vector<EntitlementSource*>& sources) {
  AccessDecision decision;
  Questions questions(decision);
  if (!questions.ask("does it exist, undeleted?", video && !video->deleted_at)) {
    decision.verdict = AccessVerdict::NotFound;
    return decision;
  }
  if (!questions.ask("is there something to play?", video->playable())) {
    decision.verdict = AccessVerdict::NotPlayable;
    decision.hint = hintFor(video->state);
    return decision;
  }
  if (questions.ask("is it free?", !video->is_paid)) {
    questions.allow("free");
    return decision;
  }
  if (questions.ask("is the viewer an administrator?", viewer.role == users::Role::Admin)) {
    questions.allow("admin");
    return decision;
  }
  if (questions.ask("is the viewer its owner?", viewer.user_id == video->creator_id)) {
    questions.allow("owner");
    return decision;
  }
  std::vector<EntitlementSource::Answer> answers;
  answers.reserve(sources.size());
  for (EntitlementSource* source : sources) {
    answers.push_back(source->ask(session, viewer.user_id, *video));
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto entitlement = answers[i]();
    const std::string& name = sources[i]->name();
    if (questions.ask("is there a " + name + "?", entitlement.has_value())) {
      questions.allow(name, entitlement->ends);
      return decision;
    }
  }
  decision.verdict = AccessVerdict::PurchaseRequired;
  return decision;
}

void demandAccess(const AccessDecision& decision) {
  switch (decision.verdict) {
    case AccessVerdict::Allowed:
      return;
    case AccessVerdict::NotFound:
      throw Error(ErrorCode::NotFound, "Video not found");
    case AccessVerdict::NotPlayable:
      throw Error(ErrorCode::Invalid, "Video not ready: " + decision.hint)
          .reason("video-not-ready");
    case AccessVerdict::PurchaseRequired:
      throw Error(ErrorCode::Denied, "Purchase required").reason("purchase-required");
  }
}

}  // namespace reeld::playback
