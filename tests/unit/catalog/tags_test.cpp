// Tags: what is kept of them, and what is refused.
#include "catalog/tags.h"

#include "catch.h"

using namespace reeld;
using namespace reeld::catalog;

namespace {

std::string faultsOf(const Tags& tags) {
  std::vector<Violation> violations;
  checkTags(violations, tidied(tags));
  std::string all;
  for (const Violation& violation : violations) {
    all += violation.pointer;
  }
  return all;
}

}  // namespace

TEST_CASE("tags keep their spelling; spaces, empty ones and repetitions go") {
  CHECK(tidied({" Rust ", "", "rust", "RUST", "Big Buck", "\t"}) == Tags{"Rust", "Big Buck"});
  CHECK(tidied({"stra\xc3\x9f"
                "e",
                "STRASSE"})
            .size() == 1);
}

TEST_CASE("twenty tags of fifty characters are the most") {
  Tags many;
  for (int i = 0; i < 20; ++i) {
    many.push_back("tag " + std::to_string(i));
  }
  CHECK(faultsOf(many).empty());
  many.emplace_back("one more");
  CHECK(faultsOf(many) == "/tags");
  CHECK(faultsOf({std::string(50, 'x')}).empty());
  CHECK(faultsOf({"ok", std::string(51, 'x')}) == "/tags/1");
  CHECK(faultsOf({"a\nb"}) == "/tags/0");
  CHECK(faultsOf({"\xff"}) == "/tags/0");
}

TEST_CASE("a form gives tags with commas between") {
  CHECK(tidied(splitTags("a, b ,,c,")) == Tags{"a", "b", "c"});
  CHECK(splitTags("").empty());
}

TEST_CASE("tags survive being stored") {
  const Tags tags = {"a\"b", "\\", "\xc3\xbc", "<b>"};
  CHECK(parseTags(printTags(tags)) == tags);
  CHECK(parseTags(printTags({})).empty());
}
