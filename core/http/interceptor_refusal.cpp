#include "http/interceptor_refusal.h"

#include "base/error.h"
#include "http/problem.h"

#include <algorithm>
#include <array>

namespace reeld::http {

namespace {

struct Sentence {
  int status;
  std::string_view text;
};

constexpr std::array Sentences = {
    Sentence{401, "this needs a credential"},
    Sentence{403, "this is not allowed here"},
    Sentence{404, "there is nothing at this path"},
    Sentence{429, "too many requests: wait before the next one"},
    Sentence{503, "not available at the moment, try again soon"},
};

std::string_view sentenceFor(int status) noexcept {
  const auto found = std::find_if(Sentences.begin(), Sentences.end(),
                                  [&](const Sentence& one) { return one.status == status; });
  return found == Sentences.end() ? "this request is refused" : found->text;
}

}  // namespace

bool InterceptorRefusal::isSound() const noexcept {
  constexpr int Least = 400;
  constexpr int Most = 599;
  return status >= Least && status <= Most && !problem.empty() &&
         problem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

Response answerOf(const InterceptorRefusal& refusal, std::string_view surface,
                  std::string_view request_id) {
  if (!refusal.isSound()) {
    return problem(Error(ErrorCode::Internal, ""), surface, request_id);
  }
  return problem(refusal.status, refusal.problem, sentenceFor(refusal.status), surface, request_id,
                 refusal.retry_after_ms);
}

}  // namespace reeld::http
