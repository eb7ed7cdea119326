// The error type: the words of its codes, violations, and what errno becomes.
#include "base/error.h"

#include "catch.h"

#include <cerrno>
#include <set>
#include <string>

using namespace reeld;

TEST_CASE("every error code has a word of its own") {
  std::set<std::string_view> words;
  for (int code = 0; code <= static_cast<int>(ErrorCode::Defer); ++code) {
    words.insert(word(static_cast<ErrorCode>(code)));
  }
  CHECK(words.size() == 14);
  CHECK(word(ErrorCode::NotFound) == "not_found");
  CHECK(word(ErrorCode::Exhausted) == "exhausted");
}

TEST_CASE("a code that no version knows reads as internal") {
  CHECK(word(static_cast<ErrorCode>(14)) == "internal");
  CHECK(word(static_cast<ErrorCode>(-1)) == "internal");
}

TEST_CASE("an error of violations is invalid and names all of them") {
  const Error error({{"/title", "must not be empty"}, {"/price", "must be positive"}});
  CHECK(error.code() == ErrorCode::Invalid);
  CHECK(error.violations().size() == 2);
  CHECK(std::string(error.what()) == "/title: must not be empty; /price: must be positive");
}

TEST_CASE("a reason and a retry time travel with the error") {
  const Error error = Error(ErrorCode::Exhausted, "queue full").reason("busy").retryAfter(1500);
  CHECK(error.reason() == "busy");
  CHECK(error.retryAfterMs() == 1500);
}

TEST_CASE("a full disk has its own reason, whatever kind of full it is") {
  for (const int number : {ENOSPC, EDQUOT}) {
    const Error error = systemError("cannot write /x", number);
    CHECK(error.code() == ErrorCode::Exhausted);
    CHECK(error.reason() == "storage-full");
  }
}

TEST_CASE("errno becomes a sentence behind what was tried") {
  const Error error = systemError("cannot open /x", EACCES);
  CHECK(error.code() == ErrorCode::Internal);
  CHECK(std::string(error.what()) == "cannot open /x: Permission denied");
}

TEST_CASE("a violation of the whole is a sentence without a place") {
  CHECK(std::string(Error({Violation{"", "must be an object"}}).what()) == "must be an object");
}
