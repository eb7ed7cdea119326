// Range and condition headers, bent: whatever is selected lies in the representation, and the range
// that names it selects it again.
#include "http/range.h"
#include "mutations.h"

using namespace reeld::http;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const std::string Date = "Sun, 06 Nov 1994 08:49:37 GMT";

const Language Headers{
    "range and condition headers",
    {"bytes=0-499", "bytes=500-", "bytes=-500", "bytes=0-0,-1", "bytes= 1-2 , 3-4", "\"tag\"",
     "W/\"tag\", \"other\"", "*", Date, "Mon, 29 Feb 2100 23:59:60 GMT"},
    {"bytes=",
     "bytes",
     "=",
     "-",
     ",",
     " ",
     "0",
     "999",
     "1000",
     "18446744073709551615",
     "18446744073709551616",
     "9223372036854775808",
     "-1",
     "+1",
     "0x1",
     "\"",
     "W/",
     "*",
     "GMT",
     "UTC",
     "Feb",
     "00",
     "99",
     "9999",
     ":",
     "\t",
     "\x7f"}};

const char* outside(const Selection& found, std::uint64_t size) {
  switch (found.status) {
    case 206:
      return found.length > 0 && found.offset < size && found.length <= size - found.offset
                 ? nullptr
                 : "a part outside the representation";
    case 200:
      return found.offset == 0 && found.length == size ? nullptr : "200 with less than the whole";
    case 304:
    case 412:
    case 416:
      return nullptr;
    default:
      return "a status that is none of the five";
  }
}

Selection selectBy(std::string_view Conditions::*header, std::string_view text,
                   const Representation& file) {
  Conditions conditions;
  conditions.*header = text;
  return select(conditions, file);
}

const char* brokenRange(std::string_view input, Mutations& random) {
  const std::uint64_t sizes[] = {0, 1, 500, 1000, INT64_MAX};
  const Representation file{"\"tag\"", 784'111'777'000, sizes[random.below(5)]};
  for (const auto header : {&Conditions::if_match, &Conditions::if_none_match,
                            &Conditions::if_modified_since, &Conditions::if_unmodified_since}) {
    if (const char* found = outside(selectBy(header, input, file), file.size)) {
      return found;
    }
  }
  Conditions guarded;
  guarded.if_range = input;
  guarded.range = "bytes=0-1";
  if (const char* found = outside(select(guarded, file), file.size)) {
    return found;
  }
  const Selection part = selectBy(&Conditions::range, input, file);
  if (const char* found = outside(part, file.size)) {
    return found;
  }
  if (part.status == 206) {
    const std::string range = "bytes=" + std::to_string(part.offset) + "-" +
                              std::to_string(part.offset + part.length - 1);
    const Selection again = selectBy(&Conditions::range, range, file);
    if (again.status != 206 || again.offset != part.offset || again.length != part.length) {
      return "the range changes when it is written out";
    }
  }
  return parseHttpDate(input) && input.size() != Date.size() ? "a date of another length" : nullptr;
}

}  // namespace

TEST_CASE("a bent range selects within the file, or nothing") {
  reeld::test::fuzz(Headers, brokenRange);
}
