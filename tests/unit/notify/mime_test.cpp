// The encodings of mail, against the rules of RFC 2045, 2047 and 5322. That mail programs read them
// is shown in the service tests, with a parser that is not ours.
#include "notify/mime.h"

#include "base/error.h"
#include "catch.h"

#include <sstream>

using namespace reeld;
using namespace reeld::notify;

namespace {

/// What a mail program makes of quoted-printable.
std::string decoded(const std::string& encoded) {
  std::string out;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '=') {
      out += encoded[i];
    } else if (encoded.compare(i, 3, "=\r\n") == 0) {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(encoded.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

std::size_t longestLine(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    REQUIRE(line.ends_with('\r'));
    longest = std::max(longest, line.size() - 1);
  }
  return longest;
}

}  // namespace

TEST_CASE("quoted-printable leaves plain text alone and escapes the rest") {
  CHECK(quotedPrintable("") == "");
  CHECK(quotedPrintable("Hello\n") == "Hello\r\n");
  CHECK(quotedPrintable("Hello") == "Hello\r\n");
  CHECK(quotedPrintable("a=b") == "a=3Db\r\n");
  CHECK(quotedPrintable("\xc3\xa9") == "=C3=A9\r\n");
  CHECK(quotedPrintable("a \nb\t\n c") == "a=20\r\nb=09\r\n c\r\n");
  CHECK(quotedPrintable("a\r\n\r\nb\rc") == "a\r\n\r\nb=0Dc\r\n");
  CHECK(quotedPrintable("From here\nto From") == "=46rom here\r\nto From\r\n");
  CHECK(quotedPrintable(".\n..a.") == "=2E\r\n=2E.a.\r\n");
  CHECK(quotedPrintable(std::string(75, 'a') + ".b") == std::string(75, 'a') + "=\r\n=2Eb\r\n");
  CHECK(quotedPrintable(std::string("a\0b", 3)) == "a=00b\r\n");
  CHECK(quotedPrintable("\x7f") == "=7F\r\n");
}

TEST_CASE("a line of quoted-printable has 76 characters at most, whatever falls on its end") {
  for (std::size_t length = 70; length < 160; ++length) {
    for (const std::string last : {"", "=", "\xc3\xa9", " ", ".", "xy"}) {
      const std::string text = std::string(length, 'a') + last;
      const std::string encoded = quotedPrintable(text);
      CAPTURE(length, last, encoded);
      CHECK(longestLine(encoded) <= 76);
      CHECK(decoded(encoded) == text + "\r\n");
    }
  }
  // 76 characters are one line.
  CHECK(quotedPrintable(std::string(76, 'a')) == std::string(76, 'a') + "\r\n");
  CHECK(quotedPrintable(std::string(77, 'a')) == std::string(75, 'a') + "=\r\naa\r\n");
  CHECK(quotedPrintable(std::string(73, 'a') + "=") == std::string(73, 'a') + "=3D\r\n");
  CHECK(quotedPrintable(std::string(74, 'a') + "=") == std::string(74, 'a') + "=\r\n=3D\r\n");
}

TEST_CASE("quoted-printable gives back every byte there is") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    if (byte != '\n' && byte != '\r') {
      all += static_cast<char>(byte);
    }
  }
  CHECK(decoded(quotedPrintable(all)) == all + "\r\n");
}

TEST_CASE("a plain header is written as it is, another as encoded words") {
  CHECK(headerField("Subject", "Hello there") == "Subject: Hello there\r\n");
  CHECK(headerField("Subject",
                    "Gr\xc3\xbc\xc3\x9f"
                    "e an A_B") == "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_A=5FB?=\r\n");
  // What looks like an encoded word must not be read as one.
  CHECK(headerField("Subject", "=?UTF-8?Q?x?=") ==
        "Subject: =?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fx=3F=3D?=\r\n");
}

TEST_CASE("a long header is folded, and no character is cut in two") {
  std::string value;
  for (int i = 0; i < 100; ++i) {
    value += "\xe2\x82\xac";
  }
  const std::string field = headerField("Subject", value);
  CHECK(longestLine(field) <= 76);
  std::istringstream lines(field);
  std::string content;
  for (std::string line; std::getline(lines, line);) {
    const auto open = line.find("=?UTF-8?Q?");
    REQUIRE(open != std::string::npos);
    const std::string word = line.substr(open + 10, line.find("?=", open + 10) - open - 10);
    CHECK(decoded(word).size() % 3 == 0);
    content += decoded(word);
  }
  CHECK(content == value);
  CHECK(longestLine(headerField("Subject", std::string(500, 'x'))) <= 76);
}

TEST_CASE("no header value can begin another header or end the headers") {
  for (const std::string bad :
       {"a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\r\n\r\nbody", "a\x01", "a\x7f", "\xff\xfe"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(headerField("Subject", bad), Error);
    CHECK_THROWS_AS(addressField("From", bad, "a@example.org"), Error);
    CHECK_THROWS_AS(addressField("To", "", bad), Error);
    CHECK_THROWS_AS(addressField("To", "", "x" + bad + "@example.org"), Error);
  }
  CHECK_THROWS_AS(headerField("Subject", std::string("a\0b", 3)), Error);
}

TEST_CASE("an address that could be read as two is refused") {
  CHECK(addressField("To", "", "a@example.org") == "To: <a@example.org>\r\n");
  CHECK(addressField("From", "J\xc3\xb6rg, <b@c>", "a@example.org") ==
        "From: =?UTF-8?Q?J=C3=B6rg=2C_=3Cb=40c=3E?=\r\n <a@example.org>\r\n");
  for (const std::string bad :
       {"", "a@b.org,c@d.org", "a@b.org> <c@d.org", "<a@b.org>", "a b@c.org", "\"a\"@b.org",
        "a@b.org;", "(x)a@b.org", "a@[1.2.3.4]", "a\\@b.org"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(addressField("To", "", bad), Error);
  }
}

TEST_CASE("dates are those of RFC 5322") {
  CHECK(mailDate(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(mailDate(1'795'270'396'999) == "Sat, 21 Nov 2026 14:13:16 +0000");
}
