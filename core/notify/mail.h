// A mail as a value: whom it is for and what for, how far it has come, and when it is tried again.
// The text and the link are not in here: they are made when it is sent (letter.h).
#pragma once
#include "base/clock.h"
#include "base/error.h"
#include "users/mail_token.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::notify {

using MailId = std::int64_t;
using users::MailPurpose;

enum class MailState { Waiting, Sending, Sent, Discarded };
std::string_view word(MailState state) noexcept;
std::optional<MailState> parseMailState(std::string_view word) noexcept;

struct Mail {
  MailId id = 0;
  MailPurpose purpose = MailPurpose::Trial;
  users::UserId user_id = 0;
  std::string token_id;  ///< "" if it carries no link
  MailState state = MailState::Waiting;
  int attempt = 0;  ///< tries so far, the present one included
  EpochMs run_at = 0;
  EpochMs begun_at = 0;
  std::string lease_token;  ///< while it is being sent
  std::string last_error;
  EpochMs created_at = 0;
  std::optional<EpochMs> finished_at;
};

/// When a mail that could not be sent is tried again: after `first`, doubling up to `longest`, and
/// not after `give_up` since its tries began.
struct RetrySchedule {
  std::chrono::milliseconds first{std::chrono::seconds(30)};
  std::chrono::milliseconds longest{std::chrono::hours(1)};
  std::chrono::milliseconds give_up{std::chrono::hours(24)};
};

/// Milliseconds from now, or nothing: it is given up. `failure` was the `attempt`th; the time since
/// the tries began is `elapsed_ms`. INVALID and UNSUPPORTED are final, what the notifier asked for
/// (retry-after) is heeded, and the last try is at the end of the schedule's time. `jitter` is from
/// -1 to 1 and moves the pause by a fifth at most.
std::optional<std::int64_t> nextTryIn(const RetrySchedule& schedule, const Error& failure,
                                      int attempt, std::int64_t elapsed_ms, double jitter) noexcept;

}  // namespace reeld::notify
