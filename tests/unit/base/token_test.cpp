// Our tokens against forgery: wrong key, wrong purpose, wrong algorithm, other spellings of a right
// one.
#include "base/token.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"

#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace reeld;

namespace {
constexpr EpochMs Now = 1'700'000'000'000;
constexpr EpochMs Later = Now + 60'000;

const std::string SecretText(32, 's');

Json claims() {
  Json json;
  json.set("sub", "7");
  json.set("sid", "abc");
  return json;
}
std::string encoded(const std::string& text) { return toBase64Url(text); }
std::string partOf(const std::string& token, int index) {
  std::size_t begin = 0;
  for (; index > 0; --index) {
    begin = token.find('.', begin) + 1;
  }
  return token.substr(begin, token.find('.', begin) - begin);
}
}  // namespace

TEST_CASE("a token is accepted for its purpose until it expires") {
  const TokenSigner signer(SecretText);
  const std::string token = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  const auto verified = signer.verify(TokenPurpose::Access, token, Now);
  CHECK(verified.verdict == TokenVerdict::Ok);
  CHECK(verified.claims.find("sub")->text() == "7");
  CHECK(verified.claims.find("iss")->text() == "reeld");
  CHECK(verified.claims.find("exp")->integer() == Later / 1000);
  CHECK(signer.verify(TokenPurpose::Access, token, Later - 1).verdict == TokenVerdict::Ok);
  CHECK(signer.verify(TokenPurpose::Access, token, Later).verdict == TokenVerdict::Expired);
}

TEST_CASE("a play token is no access token and the other way round") {
  const TokenSigner signer(SecretText);
  const std::string access = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  const std::string play = signer.sign(TokenPurpose::Play, claims(), Now, Later);
  CHECK(signer.verify(TokenPurpose::Play, access, Now).verdict == TokenVerdict::WrongPurpose);
  CHECK(signer.verify(TokenPurpose::Access, play, Now).verdict == TokenVerdict::WrongPurpose);
  // Also when the header is swapped for the one of the wanted purpose: the keys differ.
  const std::string swapped = partOf(access, 0) + "." + partOf(play, 1) + "." + partOf(play, 2);
  CHECK(signer.verify(TokenPurpose::Access, swapped, Now).verdict == TokenVerdict::Forged);
}

TEST_CASE("another site's key forges nothing") {
  const TokenSigner ours(SecretText);
  const TokenSigner theirs(std::string(32, 't'));
  const std::string token = theirs.sign(TokenPurpose::Access, claims(), Now, Later);
  CHECK(ours.verify(TokenPurpose::Access, token, Now).verdict == TokenVerdict::Forged);
}

TEST_CASE("every single changed character is noticed") {
  const TokenSigner signer(SecretText);
  const std::string token = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CAPTURE(i);
    CHECK(signer.verify(TokenPurpose::Access, changed, Now).verdict != TokenVerdict::Ok);
  }
}

TEST_CASE("an unsigned token and other algorithms are refused before anything is read") {
  const TokenSigner signer(SecretText);
  const std::string token = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  for (const char* header :
       {R"({"alg":"none","typ":"at+jwt"})", R"({"alg":"HS512","typ":"at+jwt"})",
        R"({"alg":"RS256","typ":"at+jwt"})", R"({"alg":"HS256","typ":"JWT"})",
        R"({"typ":"at+jwt","alg":"HS256","crit":["x"]})", R"({ "alg":"HS256","typ":"at+jwt"})",
        "{}", ""}) {
    const std::string with = encoded(header) + "." + partOf(token, 1) + ".";
    CAPTURE(header);
    CHECK(signer.verify(TokenPurpose::Access, with + partOf(token, 2), Now).verdict ==
          TokenVerdict::Malformed);
    CHECK(signer.verify(TokenPurpose::Access, with, Now).verdict == TokenVerdict::Malformed);
  }
}

TEST_CASE("what has not exactly three parts is malformed") {
  const TokenSigner signer(SecretText);
  const std::string token = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b"), token + ".",
        token + ".x", "." + token, partOf(token, 0) + ".." + partOf(token, 2), token + "=",
        token + " ", token + std::string(9000, 'A')}) {
    CHECK(signer.verify(TokenPurpose::Access, text, Now).verdict == TokenVerdict::Malformed);
  }
}

TEST_CASE("a payload that is signed but not ours is refused") {
  const TokenSigner signer(SecretText);
  CHECK_THROWS_AS(TokenSigner(std::string(31, 's')), Error);
  // No exp: a signed token that would never end.
  const std::string token = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  CHECK(signer
            .verify(TokenPurpose::Access,
                    partOf(token, 0) + "." + encoded("{}") + "." + partOf(token, 2), Now)
            .verdict == TokenVerdict::Forged);
}

TEST_CASE("Poco's own reader understands our tokens") {
  const TokenSigner signer(SecretText);
  const std::string text = signer.sign(TokenPurpose::Access, claims(), Now, Later);
  const Poco::JWT::Token token(text);
  CHECK(token.getAlgorithm() == "HS256");
  CHECK(token.getType() == "at+jwt");
  CHECK(token.getSubject() == "7");
  const Digest key = HmacKey(SecretText).mac("reeld access token key 1");
  Poco::JWT::Signer verifier(std::string(reinterpret_cast<const char*>(key.data()), key.size()));
  Poco::JWT::Token verified;
  CHECK(verifier.tryVerify(text, verified));
}

TEST_CASE("we understand a token that Poco signed with our key and words") {
  const Digest key = HmacKey(SecretText).mac("reeld access token key 1");
  Poco::JWT::Token token;
  token.setType("at+jwt");
  token.setIssuer("reeld");
  token.payload().set("aud", "reeld-api");
  token.payload().set("exp", static_cast<Poco::Int64>(Later / 1000));
  Poco::JWT::Signer poco(std::string(reinterpret_cast<const char*>(key.data()), key.size()));
  const TokenSigner signer(SecretText);
  CHECK(signer.verify(TokenPurpose::Access, poco.sign(token, Poco::JWT::Signer::ALGO_HS256), Now)
            .verdict == TokenVerdict::Ok);
}

TEST_CASE("two threads that sign now and then do not disturb each other") {
  const TokenSigner signer(SecretText);
  constexpr int Rounds = 60'000;
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < Rounds; ++n) {
        const std::string token = signer.sign(TokenPurpose::Access, claims(), Now, Later);
        good += signer.verify(TokenPurpose::Access, token, Now).verdict == TokenVerdict::Ok ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(good == 2 * Rounds);
}
