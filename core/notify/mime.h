// The encodings of mail: header fields (RFC 5322, RFC 2047) and quoted-printable bodies (RFC 2045).
// Pure. Every header value goes through headerField(), which refuses what could start another one.
#pragma once
#include "base/clock.h"

#include <string>
#include <string_view>

namespace reeld::notify {

/// UTF-8 text as quoted-printable: lines of at most 76 characters that end in CR LF, the last one
/// too. Line ends in the text are LF or CR LF; a CR by itself is data.
std::string quotedPrintable(std::string_view text);

/// "Name: value" and CR LF; what is not plain ASCII, or too long for a line, becomes encoded words
/// on folded lines. Throws Error INVALID for UTF-8 that is none and for control characters, CR, LF
/// and NUL above all.
std::string headerField(std::string_view name, std::string_view value);

/// "Name: Display name <address>" and CR LF. The address is written as it is: one that no header
/// may hold (control characters, blanks, angle brackets) is Error INVALID.
std::string addressField(std::string_view name, std::string_view display_name,
                         std::string_view address);

/// "Sat, 21 Nov 2026 14:13:16 +0000"
std::string mailDate(EpochMs time);

}  // namespace reeld::notify
