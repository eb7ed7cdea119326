// Grants: only what was signed here, for this encoding, in its time, is good; every other string is
// not.
#include "playback/grant.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::playback;

namespace {
const bool started = (initCrypto(), true);
const std::string First(32, 'a');
const std::string Second(32, 'b');

Grant example() { return {7, 17, 3, sessionFingerprint("session"), 1'000'000, 2'000'000}; }

GrantVerdict verdict(const GrantSigner& signer, std::string_view text, std::int64_t encoding = 7,
                     EpochMs now = 1'500'000) {
  Grant grant;
  return signer.check(text, encoding, now, grant);
}
}  // namespace

TEST_CASE("a grant is read back as it was signed") {
  const GrantSigner signer(First);
  const std::string text = signer.sign(example());
  CHECK(text.size() == GrantSigner::TextSize);
  Grant grant;
  CHECK(signer.check(text, 7, 1'500'000, grant) == GrantVerdict::Ok);
  CHECK(grant == example());
}

TEST_CASE("every single flipped bit makes a grant worthless") {
  const GrantSigner signer(First);
  const std::string bytes = *fromBase64Url(signer.sign(example()));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const GrantVerdict found = verdict(signer, toBase64Url(flipped));
    CHECK((found == GrantVerdict::Forged || (found == GrantVerdict::Malformed && bit < 8)));
  }
}

TEST_CASE("a grant that is cut, longer or in other letters is malformed") {
  const GrantSigner signer(First);
  const std::string text = signer.sign(example());
  for (std::size_t size = 0; size < text.size(); ++size) {
    CHECK(verdict(signer, text.substr(0, size)) == GrantVerdict::Malformed);
  }
  CHECK(verdict(signer, text + "A") == GrantVerdict::Malformed);
  CHECK(verdict(signer, std::string(GrantSigner::TextSize, '+')) == GrantVerdict::Malformed);
  CHECK(verdict(signer, std::string(GrantSigner::TextSize, '\0')) == GrantVerdict::Malformed);
  CHECK(verdict(signer, std::string(1 << 16, 'A')) == GrantVerdict::Malformed);
}

TEST_CASE("a grant ends at its expiry, to the millisecond") {
  const GrantSigner signer(First);
  const std::string text = signer.sign(example());
  CHECK(verdict(signer, text, 7, 1'999'999) == GrantVerdict::Ok);
  CHECK(verdict(signer, text, 7, 2'000'000) == GrantVerdict::Expired);
}

TEST_CASE("a grant opens one encoding alone") {
  const GrantSigner signer(First);
  CHECK(verdict(signer, signer.sign(example()), 8) == GrantVerdict::Foreign);
}

TEST_CASE("a grant of another site's key is forged") {
  CHECK(verdict(GrantSigner(First), GrantSigner(Second).sign(example())) == GrantVerdict::Forged);
}

TEST_CASE("a key can be changed under playing viewers, and then forgotten") {
  const std::string old = GrantSigner(First).sign(example());
  const GrantSigner changed(Second, First);
  CHECK(verdict(changed, old) == GrantVerdict::Ok);
  CHECK(verdict(changed, changed.sign(example())) == GrantVerdict::Ok);
  CHECK(verdict(GrantSigner(Second), old) == GrantVerdict::Forged);
  CHECK(verdict(GrantSigner(First), changed.sign(example())) == GrantVerdict::Forged);
}

TEST_CASE("a short secret signs nothing") { CHECK_THROWS_AS(GrantSigner("short"), Error); }

TEST_CASE("a grant lives twice the title and an hour, at least four, never past the entitlement") {
  constexpr std::int64_t Hour = 3'600'000;
  CHECK(grantExpiry(0, 60'000, std::nullopt) == 4 * Hour);
  CHECK(grantExpiry(1000, 3 * Hour, std::nullopt) == 7 * Hour + 1000);
  CHECK(grantExpiry(0, 3 * Hour, 2 * Hour) == 2 * Hour);
}

TEST_CASE("each verdict has a reason of its own") {
  CHECK(reasonOf(GrantVerdict::Malformed) == "grant-malformed");
  CHECK(reasonOf(GrantVerdict::Forged) == "grant-forged");
  CHECK(reasonOf(GrantVerdict::Expired) == "grant-expired");
  CHECK(reasonOf(GrantVerdict::Revoked) == "grant-revoked");
  CHECK(reasonOf(GrantVerdict::Foreign) == "grant-foreign");
}
