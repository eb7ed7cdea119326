// A whole message: its headers, its two parts, and what they say.
#include "notify/message.h"

#include "base/error.h"
#include "catch.h"
#include "notify/letter.h"

using namespace reeld;
using namespace reeld::notify;

namespace {

Message example() {
  return {.from = {.address = "noreply@example.org", .name = "Example"},
          .to = "ada@example.org",
          .subject = "Hello",
          .text = "text\n",
          .html = "<p>html</p>\n",
          .key = "7-abc_DEF",
          .date = 0};
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("a message has the headers a mail needs, and its text twice") {
  CHECK(compose(example()) ==
        "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"
        "From: =?UTF-8?Q?Example?=\r\n <noreply@example.org>\r\n"
        "To: <ada@example.org>\r\n"
        "Message-ID: <7-abc_DEF@example.org>\r\n"
        "Subject: Hello\r\n"
        "MIME-Version: 1.0\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "Content-Type: multipart/alternative;\r\n boundary=\"=_7-abc_DEF\"\r\n"
        "\r\n"
        "--=_7-abc_DEF\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "text\r\n"
        "--=_7-abc_DEF\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "<p>html</p>\r\n"
        "--=_7-abc_DEF--\r\n");
}

TEST_CASE("nothing in a body can end its part") {
  Message message = example();
  message.text = "--=_7-abc_DEF--\r\n\r\n--=_7-abc_DEF\n";
  CHECK(count(compose(message), "\r\n--=_7-abc_DEF") == 3);
}

TEST_CASE("a message is not made for an address that is none, or one that would add a header") {
  for (const std::string bad : {"", "nobody", "a@b@example.org", "a@example.org\r\nBcc: b@c.org",
                                "a@example.org\n", "a b@example.org", "<a@example.org>"}) {
    CAPTURE(bad);
    Message message = example();
    message.to = bad;
    CHECK_THROWS_AS(compose(message), Error);
    message = example();
    message.from.address = bad;
    CHECK_THROWS_AS(compose(message), Error);
  }
  Message message = example();
  message.from.name = "x\r\nBcc: b@example.org";
  CHECK_THROWS_AS(compose(message), Error);
  message = example();
  message.subject = "x\nBcc: b@example.org";
  CHECK_THROWS_AS(compose(message), Error);
}

TEST_CASE("links lead to the pages of the frontend, with or without a slash at its end") {
  const std::string activate = "http://127.0.0.1:5500/pages/auth/activate.html?uid=MTc&token=t-_";
  CHECK(linkOf(MailPurpose::Activation, "http://127.0.0.1:5500", 17, "t-_") == activate);
  CHECK(linkOf(MailPurpose::Activation, "http://127.0.0.1:5500/", 17, "t-_") == activate);
  CHECK(linkOf(MailPurpose::PasswordReset, "https://x.org/videos/", 1, "t") ==
        "https://x.org/videos/pages/auth/confirm_password.html?uid=MQ&token=t");
  CHECK(linkOf(MailPurpose::Trial, "https://x.org", 1, "").empty());
}

TEST_CASE("a letter has its link in the text and, escaped, twice in the page") {
  const std::string link = linkOf(MailPurpose::PasswordReset, "https://x.org", 1, "t");
  const std::string in_html = "https://x.org/pages/auth/confirm_password.html?uid=MQ&amp;token=t";
  for (const auto purpose : {MailPurpose::Activation, MailPurpose::PasswordReset}) {
    const Letter letter = letterOf(purpose, link);
    CHECK(letter.text.find("\n" + link + "\n") != std::string::npos);
    CHECK(count(letter.html, in_html) == 2);
    CHECK(letter.html.find("<a href=\"" + in_html + "\">") != std::string::npos);
    CHECK_FALSE(letter.subject.empty());
  }
  CHECK(letterOf(MailPurpose::Activation, link).text.find("24 hours") != std::string::npos);
  CHECK(letterOf(MailPurpose::PasswordReset, link).text.find("an hour") != std::string::npos);
  const Letter trial = letterOf(MailPurpose::Trial, "");
  CHECK(trial.text.find("http") == std::string::npos);
  CHECK(trial.html.find("href") == std::string::npos);
}
