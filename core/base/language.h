// Languages as tags that players know (BCP 47), from whatever a media file says its streams are in.
// Pure.
#pragma once
#include <string>
#include <string_view>

namespace reeld {

/// "ger", "deu" and "de" -> "de"; "pt_br" -> "pt-BR"; "" for what names no language ("und", a word,
/// nothing). A code of three letters stays one only where there is none of two.
std::string languageTag(std::string_view said);

/// What its speakers call the language of a tag: "de-AT" -> "Deutsch"; the tag itself where that is
/// not known, "" for "".
std::string languageName(std::string_view tag);

}  // namespace reeld
