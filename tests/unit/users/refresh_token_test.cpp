// A refresh token says which session and generation it is of, and cannot be made without the
// secret.
#include "users/refresh_token.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::users;

namespace {
const std::string Session = toBase64Url(std::string(SessionIdBytes, '\x5a'));
}

TEST_CASE("a refresh token gives back what it was issued for") {
  const RefreshTokens tokens(std::string(32, 's'));
  const RefreshTokens::Content content{.session_id = Session, .generation = 0x01020304};
  CHECK(tokens.read(tokens.issue(content)) == content);
}

TEST_CASE("a refresh token that was changed anywhere is no token") {
  const RefreshTokens tokens(std::string(32, 's'));
  const std::string token = tokens.issue({.session_id = Session, .generation = 1});
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(tokens.read(forged));
  }
  CHECK_FALSE(tokens.read(""));
  CHECK_FALSE(tokens.read(token + "A"));
  CHECK_FALSE(tokens.read(token.substr(0, token.size() - 4)));
}

TEST_CASE("a refresh token of another site is no token here") {
  const RefreshTokens ours(std::string(32, 's'));
  const RefreshTokens theirs(std::string(32, 't'));
  CHECK_FALSE(ours.read(theirs.issue({.session_id = Session, .generation = 1})));
}

TEST_CASE("a session id of another form is a mistake of ours") {
  const RefreshTokens tokens(std::string(32, 's'));
  CHECK_THROWS_AS(tokens.issue({.session_id = "short", .generation = 0}), Error);
}
