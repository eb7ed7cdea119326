// The JSON reader against bent documents: INVALID, or a value that stays the same when it is
// written out and read again.
#include "base/error.h"
#include "base/json.h"
#include "mutations.h"

using namespace reeld;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const Language Documents{
    "JSON documents",
    {R"({"title":"a","price":9.990,"tags":["x","y"],"deep":{"a":[null,true,false]}})",
     R"([0,-1,1e3,-0.5,9223372036854775807,18446744073709551616])", R"("\u00e4\ud83d\ude00\n\\")",
     " {} ", "7"},
    {"{",
     "}",
     "[",
     "]",
     ",",
     ":",
     "\"",
     "\\",
     "\\u0000",
     "\\ud800",
     "\\udc00",
     "\\u00",
     "null",
     "true",
     "1e999",
     "-",
     "0123",
     "1.",
     ".5",
     "-9223372036854775809",
     "1e-400",
     "NaN",
     "\"a\":1,",
     "[[[[[[[[",
     "{\"a\":",
     "\xc3",
     "\xff",
     "\xed\xa0\x80",
     "\xf4\x90\x80\x80",
     "/*",
     "\xef\xbb\xbf"}};

const char* broken(std::string_view input, Mutations&) {
  Json value;
  try {
    value = Json::parse(input);
  } catch (const Error& error) {
    return error.code() == ErrorCode::Invalid ? nullptr : "refused with another code than INVALID";
  }
  const std::string printed = value.dump();
  Json again;
  try {
    again = Json::parse(printed);
  } catch (const Error&) {
    return "what was written out cannot be read";
  }
  if (again.value().index() != value.value().index()) {
    return "the value has another type when it is written out";
  }
  return again.dump() == printed ? nullptr : "the value changes when it is written out";
}

}  // namespace

TEST_CASE("a bent JSON document is refused, or stays the same when written out") {
  reeld::test::fuzz(Documents, broken);
}
