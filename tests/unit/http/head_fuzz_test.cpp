// The head parser against bent heads: what it accepts is well formed, frames one body in one way,
// and reads the same when it is written out again.
#include "http/engine/head.h"
#include "mutations.h"

using namespace reeld::http::engine;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const Language Heads{
    "request heads",
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
     "POST /api/v1/videos/?title=a%20b&x HTTP/1.1\r\nHost: a.example:8080\r\nContent-Length: 12\r\n"
     "Content-Type: application/json\r\nConnection: keep-alive, close\r\n\r\n",
     "PUT http://a.example:80/x?y HTTP/1.1\r\nHost: a.example:80\r\nTransfer-Encoding: chunked\r\n"
     "Expect: 100-continue\r\n\r\n",
     "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nAccept: */*\r\n\r\n",
     "HEAD /media/g/x/1/hls/480p/segment_000.ts HTTP/1.0\r\nRange:\t bytes=0-1 \r\nX:\r\n\r\n"},
    {"\r\n",
     "\n",
     "\r",
     "\r\n\r\n",
     "\r\n ",
     " ",
     "\t",
     ":",
     "\x00x",
     "\x7f",
     "%00",
     "%2e%2e",
     "..",
     "//",
     "?",
     "#",
     "*",
     "@",
     "[",
     "]",
     ",",
     "Host: b\r\n",
     "Content-Length: 3\r\n",
     "Content-Length: 99999999999999999999\r\n",
     "Content-Length: +1\r\n",
     "Content-Length: 3, 3\r\n",
     "Transfer-Encoding: chunked\r\n",
     "Transfer-Encoding: gzip\r\n",
     "transfer-encoding:",
     "chunked",
     "Connection: close\r\n",
     "Expect: 100-continue\r\n",
     "HTTP/1.1",
     "HTTP/1.0",
     "HTTP/2.0",
     "GET ",
     "CONNECT ",
     "http://",
     "https://",
     "65536",
     "\xc3\xa4"}};

bool isPlain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

const char* framesTwice(const Head& head) {
  if (head.chunked() && head.contentLength() >= 0) {
    return "chunked and a length";
  }
  if (head.chunked() && head.minorVersion() == 0) {
    return "chunked in HTTP/1.0";
  }
  return head.contentLength() < -1 ? "a length below zero" : nullptr;
}

const char* badPart(const Head& head) {
  if (!isToken(head.method())) {
    return "a method that is no token";
  }
  // An absolute target and CONNECT may go without a path.
  if (!head.path().empty() && !head.path().starts_with('/') && head.path() != "*") {
    return "a path that does not begin with a slash";
  }
  for (const auto part : {head.path(), head.query(), head.host()}) {
    if (!isPlain(part) || part.find(' ') != part.npos) {
      return "a line end, NUL or space in the target or the host";
    }
  }
  for (std::size_t i = 0; i < head.fieldCount(); ++i) {
    if (!isToken(head.fieldName(i)) || !isFieldValue(head.fieldValue(i)) ||
        !isPlain(head.fieldValue(i))) {
      return "a malformed field";
    }
  }
  return nullptr;
}

std::string printHead(const Head& head) {
  std::string text(head.method());
  text.append(" ").append(head.path().empty() ? "/" : head.path());
  if (!head.query().empty()) {
    text.append("?").append(head.query());
  }
  text.append(" HTTP/1.").append(std::to_string(head.minorVersion())).append("\r\n");
  for (std::size_t i = 0; i < head.fieldCount(); ++i) {
    text.append(head.fieldName(i)).append(": ").append(head.fieldValue(i)).append("\r\n");
  }
  return text + "\r\n";
}

/// Written out and read again it is the same request; the host of an absolute target stays behind.
const char* changesWhenPrinted(const Head& head) {
  HeadLimits wide;
  wide.head *= 2;
  Head again;
  const std::string text = printHead(head);
  if (head.method() == "CONNECT") {
    return nullptr;  // its target is an authority, which is not kept
  }
  if (again.parse(text, wide) != nullptr) {
    return "what was accepted is refused when it is written out";
  }
  const bool same = printHead(again) == text && again.chunked() == head.chunked() &&
                    again.contentLength() == head.contentLength() &&
                    again.keepAlive() == head.keepAlive() &&
                    again.expectContinue() == head.expectContinue();
  return same ? nullptr : "what was accepted reads differently when it is written out";
}

const char* brokenHead(std::string_view input, Mutations& random) {
  const HeadLimits limits;
  const HeadEnd whole = findHeadEnd(input, 0, limits);
  if (whole.size > input.size() || (whole.refusal != nullptr && whole.size != 0)) {
    return "an end beyond the bytes, or an end and a refusal";
  }
  const std::size_t cut = random.below(input.size() + 1);
  HeadEnd pieces = findHeadEnd(input.substr(0, cut), 0, limits);
  if (pieces.size == 0 && pieces.refusal == nullptr) {
    pieces = findHeadEnd(input, cut, limits);
  }
  if (pieces.size != whole.size || pieces.refusal != whole.refusal) {
    return "bytes in two pieces end elsewhere than in one";
  }
  if (whole.size == 0) {
    return nullptr;
  }
  Head head;
  if (head.parse(input.substr(0, whole.size), limits) != nullptr) {
    return isPlain(head.path()) ? nullptr : "a refused head with a line end in its path";
  }
  for (const auto check : {framesTwice, badPart, changesWhenPrinted}) {
    if (const char* found = check(head)) {
      return found;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a bent request head is refused, or is one well-formed request") {
  reeld::test::fuzz(Heads, brokenHead);
}
