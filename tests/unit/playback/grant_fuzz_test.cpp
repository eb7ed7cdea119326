// Grants, bent: only the very text that was signed is good, and only for its encoding and time.
#include "mutations.h"
#include "playback/grant.h"

using namespace reeld;
using namespace reeld::playback;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const bool fuzz_started = (initCrypto(), true);

const char* broken(const GrantSigner& signer, const std::vector<std::string>& signed_texts,
                   std::string_view text, Mutations& random) {
  const std::int64_t encoding = static_cast<std::int64_t>(7 + random.below(2));
  const EpochMs now = random.below(2) == 0 ? 1'500'000 : 2'000'000;
  Grant grant;
  const GrantVerdict verdict = signer.check(text, encoding, now, grant);
  const bool is_signed =
      std::find(signed_texts.begin(), signed_texts.end(), text) != signed_texts.end();
  if (!is_signed) {
    return verdict == GrantVerdict::Malformed || verdict == GrantVerdict::Forged
               ? nullptr
               : "a text that was never signed is taken for genuine";
  }
  const GrantVerdict expected = grant.encoding_id != encoding ? GrantVerdict::Foreign
                                : now >= grant.expires        ? GrantVerdict::Expired
                                                              : GrantVerdict::Ok;
  if (verdict != expected) {
    return "a genuine grant has another verdict than its fields say";
  }
  return signer.sign(grant) == text ? nullptr : "a grant changes when it is signed again";
}

}  // namespace

TEST_CASE("a bent grant is worthless") {
  const GrantSigner signer(std::string(32, 'a'));
  const GrantSigner stranger(std::string(32, 'b'));
  const std::vector<std::string> own = {
      signer.sign({7, 17, 3, sessionFingerprint("session"), 1'000'000, 2'000'000}),
      signer.sign({8, 18, 4, 0, 1'000'000, 1'900'000})};
  const Language grants{"grants",
                        {own[0], own[1], stranger.sign({7, 17, 3, 0, 1'000'000, 2'000'000})},
                        {"A", "AAAA", "=", "-", "_", "+", "/", "%00", "\n", "\xff"}};
  reeld::test::fuzz(grants, [&](std::string_view text, Mutations& random) {
    return broken(signer, own, text, random);
  });
}
