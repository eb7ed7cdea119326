// One mail over one connection: libcurl speaks SMTP (RFC 5321) with STARTTLS, AUTH and
// certificates; here its answer becomes the status the host acts on.
#pragma once
#include "settings.h"

#include <reeld/cpp/contain.hpp>

#include <string_view>

namespace notifier_smtp {

struct Envelope {
  std::string_view from;
  std::string_view to;
  std::string_view message;  ///< RFC 5322; dots are doubled on the way
};

/// Returns once the server has taken the mail. Any thread; ends before the call's deadline and
/// within 2 s of its being cancelled. Throws Failure: INVALID if this mail will never be taken,
/// DENIED if the server does not let us send, UNAVAILABLE or TIMEOUT for what may pass, CANCELLED.
/// No message of a failure contains the password.
void deliver(const Settings& settings, const Envelope& envelope, const reeld::sdk::Call& call);

}  // namespace notifier_smtp
