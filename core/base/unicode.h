// Unicode as people type it: the same text has one spelling only after normalisation (UAX #15).
// utf8proc behind unicode.cpp. Whether bytes are UTF-8 at all is utf8.h.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// The text in normalisation form C: "u" and a diaeresis become "ü". What is no UTF-8 stays as it
/// is.
std::string composed(std::string_view text);

/// The text as it is compared without case (NFKC_Casefold, UAX #31): "STRASSE" and "straße" are the
/// same. What is no UTF-8 stays as it is.
std::string folded(std::string_view text);

/// Without the white space (Unicode's White_Space) around it.
std::string_view trimmed(std::string_view text) noexcept;

/// Whether there is anything that has no look of its own: a control or format character (category
/// Cc, Cf) or a space or line end (Zs, Zl, Zp). What is no UTF-8 has.
bool hasUnseen(std::string_view text) noexcept;

/// Whether a reader sees anything of it: at least one character that is no space, no control, no
/// mark without a letter, and none of those that are made to leave nothing (U+200B, U+3164).
bool isVisible(std::string_view text) noexcept;

/// The folded words of a text, in order and with repetitions: runs of letters, digits and marks.
/// Scripts that put no spaces between words (Han, Kana) give a word per character.
std::vector<std::string> words(std::string_view text);

}  // namespace reeld
