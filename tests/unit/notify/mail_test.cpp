// When a mail is tried again, and when it is given up.
#include "notify/mail.h"

#include "catch.h"

using namespace reeld;
using namespace reeld::notify;

namespace {
const RetrySchedule Usual;
const Error Down(ErrorCode::Unavailable, "down");
constexpr std::int64_t Day = 86'400'000;
}  // namespace

TEST_CASE("a mail is tried again after 30 s, then twice as long, up to an hour") {
  const std::vector<std::int64_t> seconds = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600};
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    CHECK(nextTryIn(Usual, Down, static_cast<int>(i) + 1, 0, 0) == seconds[i] * 1000);
  }
  CHECK(nextTryIn(Usual, Down, 1'000'000, 0, 0) == 3'600'000);
}

TEST_CASE("pauses are spread by a fifth, so that not all mails come at once") {
  CHECK(nextTryIn(Usual, Down, 1, 0, -1) == 24'000);
  CHECK(nextTryIn(Usual, Down, 1, 0, 1) == 36'000);
}

TEST_CASE("a mail is given up after a day, and its last try is at the end of it") {
  CHECK(nextTryIn(Usual, Down, 20, Day - 5000, 0) == 5000);
  CHECK_FALSE(nextTryIn(Usual, Down, 20, Day, 0));
  CHECK_FALSE(nextTryIn(Usual, Down, 1, 2 * Day, 0));
}

TEST_CASE("a mail that can never be delivered is given up at once, any other is not") {
  for (const auto code : {ErrorCode::Invalid, ErrorCode::Unsupported}) {
    CHECK_FALSE(nextTryIn(Usual, Error(code, ""), 1, 0, 0));
  }
  for (const auto code :
       {ErrorCode::Unavailable, ErrorCode::Timeout, ErrorCode::Exhausted, ErrorCode::Denied,
        ErrorCode::Internal, ErrorCode::Cancelled, ErrorCode::Corrupt, ErrorCode::Defer}) {
    CHECK(nextTryIn(Usual, Error(code, ""), 1, 0, 0));
  }
}

TEST_CASE("a notifier that asks for more time gets it, but not beyond the day") {
  const Error later = Error(ErrorCode::Exhausted, "").retryAfter(90'000);
  CHECK(nextTryIn(Usual, later, 1, 0, 0) == 90'000);
  CHECK(nextTryIn(Usual, later, 3, 0, 0) == 120'000);
  CHECK(nextTryIn(Usual, later, 1, Day - 1000, 0) == 1000);
}

TEST_CASE("the states of a mail have words") {
  for (const auto state :
       {MailState::Waiting, MailState::Sending, MailState::Sent, MailState::Discarded}) {
    CHECK(parseMailState(word(state)) == state);
  }
  CHECK_FALSE(parseMailState(""));
  CHECK_FALSE(parseMailState("running"));
}
