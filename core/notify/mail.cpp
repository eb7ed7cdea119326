#include "notify/mail.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reeld::notify {

namespace {
constexpr std::array<std::pair<MailState, std::string_view>, 4> Words = {
    {{MailState::Waiting, "waiting"},
     {MailState::Sending, "sending"},
     {MailState::Sent, "sent"},
     {MailState::Discarded, "discarded"}}};
}

std::string_view word(MailState state) noexcept {
  for (const auto& [candidate, text] : Words) {
    if (candidate == state) {
      return text;
    }
  }
  return "unknown";
}

std::optional<MailState> parseMailState(std::string_view word) noexcept {
  for (const auto& [state, text] : Words) {
    if (text == word) {
      return state;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> nextTryIn(const RetrySchedule& schedule, const Error& failure,
                                      int attempt, std::int64_t elapsed_ms,
                                      double jitter) noexcept {
  const std::int64_t left = schedule.give_up.count() - elapsed_ms;
  if (failure.code() == ErrorCode::Invalid || failure.code() == ErrorCode::Unsupported ||
      left <= 0) {
    return std::nullopt;
  }
  std::int64_t pause = schedule.first.count();
  for (int i = 1; i < attempt && pause < schedule.longest.count(); ++i) {
    pause *= 2;
  }
  pause = std::min(pause, schedule.longest.count());
  pause = static_cast<std::int64_t>(static_cast<double>(pause) * (1 + 0.2 * jitter));
  pause = std::max<std::int64_t>(pause, failure.retryAfterMs());
  return std::min(pause, left);
}

}  // namespace reeld::notify
