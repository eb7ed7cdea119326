// Unicode as people type it: the same text has one spelling only after normalisation (UAX #15).
// utf8proc behind unicode.cpp. Whether bytes are UTF-8 at all is utf8.h.
#pragma once
#include <string>
#include <string_view>

namespace reeld {

/// The text in normalisation form C: "u" and a diaeresis become "ü". What is no UTF-8 stays as it
/// is.
std::string composed(std::string_view text);

}  // namespace reeld
