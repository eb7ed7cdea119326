// Hashes and encodings against the published vectors (FIPS 180-4, RFC 4231, RFC 4648).
#include "base/crypto.h"

#include "catch.h"

#include <array>
#include <set>
#include <string>

using namespace reeld;

namespace {
std::string bytes(std::size_t count, char value) { return std::string(count, value); }
std::string hmacHex(const std::string& key, const std::string& data) {
  return toHex(HmacKey(key).mac(data));
}
const bool started = (initCrypto(), true);
}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
  CHECK(toHex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(toHex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(toHex(sha256(bytes(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("HMAC-SHA256 gives the tags of RFC 4231") {
  CHECK(hmacHex(bytes(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmacHex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmacHex(bytes(20, '\xaa'), bytes(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  std::string counting;
  for (char c = 1; c <= 25; ++c) {
    counting += c;
  }
  CHECK(hmacHex(counting, bytes(50, '\xcd')) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  CHECK(hmacHex(bytes(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hmacHex(bytes(131, '\xaa'),
                "This is a test using a larger than block-size key and a larger than block-size "
                "data. The key needs to be hashed before being used by the HMAC algorithm.") ==
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("one keyed HMAC serves many messages") {
  const HmacKey key("Jefe");
  const auto first = key.mac("what do ya want for nothing?");
  key.mac("something else");
  CHECK(key.mac("what do ya want for nothing?") == first);
}

TEST_CASE("base64url gives the encodings of RFC 4648 without padding") {
  CHECK(toBase64Url("").empty());
  CHECK(toBase64Url("f") == "Zg");
  CHECK(toBase64Url("fo") == "Zm8");
  CHECK(toBase64Url("foo") == "Zm9v");
  CHECK(toBase64Url("foob") == "Zm9vYg");
  CHECK(toBase64Url("fooba") == "Zm9vYmE");
  CHECK(toBase64Url("foobar") == "Zm9vYmFy");
  CHECK(toBase64Url("\xfb\xff\xbf") == "-_-_");
}

TEST_CASE("base64url reads back every length of bytes") {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string original = randomBytes(size);
    CHECK(fromBase64Url(toBase64Url(original)) == original);
  }
}

TEST_CASE("base64url takes one spelling only") {
  for (const char* text : {"Zg==", "Zg=", "Z", "Zh", "Zm9v=", "Zm9v\n", " Zm9v", "Zm+v", "Zm/v",
                           "Zm9v Zm9v", "Zm9", "Z\xc3\xa4", "Zm9\xdf"}) {
    CAPTURE(text);
    CHECK_FALSE(fromBase64Url(text).has_value());
  }
  CHECK_FALSE(fromBase64Url(std::string_view("Zm9v\0", 5)).has_value());
}

TEST_CASE("decoding into a buffer never writes past it") {
  std::array<std::uint8_t, 5> room{9, 9, 9, 9, 7};
  CHECK(fromBase64Url("Zm9v", std::span(room).first(3)) == 3);
  CHECK(room == std::array<std::uint8_t, 5>{'f', 'o', 'o', 9, 7});
  CHECK(fromBase64Url("Zm9vYmFy", std::span(room).first(4)) == -1);
  CHECK(room[4] == 7);
}

TEST_CASE("comparison in constant time is about content and length") {
  CHECK(equalInConstantTime("abc", "abc"));
  CHECK(equalInConstantTime("", ""));
  CHECK_FALSE(equalInConstantTime("abc", "abd"));
  CHECK_FALSE(equalInConstantTime("abc", "abcd"));
}

TEST_CASE("random tokens have the length asked for and do not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = randomToken(16);
    CHECK(token.size() == 22);
    seen.insert(token);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("hex is lower case, two digits a byte") {
  const std::array<std::uint8_t, 4> data{0x00, 0x0f, 0xa0, 0xff};
  CHECK(toHex(data) == "000fa0ff");
}

TEST_CASE("a hash of pieces is the hash of the whole") {
  const std::string whole = randomBytes(100'003);
  Sha256 hash;
  for (std::size_t at = 0; at < whole.size(); at += 977) {
    hash.update(std::string_view(whole).substr(at, 977));
  }
  CHECK(hash.finish() == sha256(whole));
  CHECK(Sha256().finish() == sha256(""));
}
