// Languages as containers say them, and as players want to hear them.
#include "base/language.h"

#include "catch.h"

using namespace reeld;

TEST_CASE("a language has one tag, whichever list its code is from") {
  for (const char* german : {"de", "DE", "deu", "ger", "GER"}) {
    CHECK(languageTag(german) == "de");
  }
  CHECK(languageTag("chi") == "zh");
  CHECK(languageTag("zho") == "zh");
  CHECK(languageTag("fil") == "fil");
  CHECK(languageTag("qaa") == "qaa");
}

TEST_CASE("script and region stay, dressed as they should be") {
  CHECK(languageTag("pt_br") == "pt-BR");
  CHECK(languageTag("deu-at") == "de-AT");
  CHECK(languageTag("sr-LATN-rs") == "sr-Latn-RS");
  CHECK(languageTag("es-419") == "es-419");
}

TEST_CASE("what names no language is none") {
  for (const char* odd : {"", "und", "mis", "xx", "German", "d", "d1", "-", "1234", "e\"n", "\n"}) {
    CHECK(languageTag(odd).empty());
  }
  CHECK(languageTag("en-\"><x") == "en");
  CHECK(languageTag("en-toolongsubtag-us") == "en");
  CHECK(languageTag("en-" + std::string(40, 'a')).empty());
}

TEST_CASE("a language is called what its speakers call it") {
  CHECK(languageName("de-AT") == "Deutsch");
  CHECK(languageName("ja") == "日本語");
  CHECK(languageName("fil") == "fil");
  CHECK(languageName("aa") == "aa");
  CHECK(languageName("").empty());
}
