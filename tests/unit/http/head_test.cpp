// The strict head parser: what is accepted, and what each malformed head is refused with.
#include "http/engine/head.h"

#include "catch.h"

using namespace reeld::http::engine;

namespace {

struct Row {
  const char* name;
  std::string head;
  int status;
};

int statusOf(const std::string& bytes, Head& head) {
  const HeadEnd end = findHeadEnd(bytes, 0, HeadLimits{});
  if (end.refusal != nullptr) {
    return end.refusal->status;
  }
  if (end.size == 0) {
    return -1;
  }
  const Refusal* refusal = head.parse(std::string_view(bytes).substr(0, end.size), HeadLimits{});
  return refusal == nullptr ? 0 : refusal->status;
}

std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string longName(std::size_t size) {
  std::string field(size, 'x');
  field.append(": v\r\n");
  return field;
}

std::string manyFields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) {
    fields += "X-" + std::to_string(i) + ": v\r\n";
  }
  return fields;
}

}  // namespace

TEST_CASE("every malformed head is refused with its status") {
  const std::vector<Row> rows = {
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"Host with user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host with a bad port", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400},
      {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"two credentials", get("Authorization: Bearer a\r\nauthorization: Bearer a\r\n"), 400},
      {"two cookie fields", get("Cookie: a=1\r\ncookie: b=2\r\n"), 400},
      {"length and chunked", get("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"chunked and length", get("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400},
      {"chunked twice", get("Transfer-Encoding: chunked, chunked\r\n"), 400},
      {"two chunked fields", get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
       400},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"unknown coding", get("Transfer-Encoding: xchunked\r\n"), 501},
      {"gzip and chunked", get("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {"chunked and identity", get("Transfer-Encoding: chunked, identity\r\n"), 501},
      {"empty coding", get("Transfer-Encoding:\r\n"), 501},
      {"coding with a control character",
       get("Transfer-Encoding: \x0b"
           "chunked\r\n"),
       400},
      {"two lengths", get("Content-Length: 3\r\nContent-Length: 4\r\n"), 400},
      {"the same length twice", get("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
      {"length list", get("Content-Length: 3, 3\r\n"), 400},
      {"negative length", get("Content-Length: -1\r\n"), 400},
      {"signed length", get("Content-Length: +0\r\n"), 400},
      {"hex length", get("Content-Length: 0x3\r\n"), 400},
      {"word as length", get("Content-Length: abc\r\n"), 400},
      {"empty length", get("Content-Length:\r\n"), 400},
      {"length beyond 64 bits", get("Content-Length: 100000000000000000000000\r\n"), 400},
      {"length with a space inside", get("Content-Length: 1 2\r\n"), 400},
      {"space before the colon", get("Content-Length : 5\r\n"), 400},
      {"space in a name", get("X Y: 1\r\n"), 400},
      {"folded line", get("X: 1\r\n folded\r\n"), 400},
      {"fold at the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"line without colon", get("nothing\r\n"), 400},
      {"empty name", get(": v\r\n"), 400},
      {"NUL in a value", get(std::string("X: a\0b\r\n", 8)), 400},
      {"DEL in a value", get("X: a\x7f\r\n"), 400},
      {"CR in a value", get("X: a\rb\r\n"), 400},
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF in the fields", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"tab between", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no slash", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"asterisk with GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"raw UTF-8 in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29), 400},
      {"absolute target with user information", "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
       400},
      {"absolute target without host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"foreign scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"empty method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"method with a slash", "G/T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"Expect other", get("Expect: fish\r\n"), 417},
      {"101 fields", get(manyFields(100)), 431},
      {"name of 257 bytes", get(longName(257)), 431},
      {"target of 8 KiB and more",
       "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"endless target", "GET /" + std::string(9000, 'a'), 414},
      {"head of more than 16 KiB", get("X: " + std::string(17000, 'v') + "\r\n"), 431},
      {"endless head", "GET / HTTP/1.1\r\nX: " + std::string(17000, 'v'), 431},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Head head;
    CHECK(statusOf(row.head, head) == row.status);
  }
}

TEST_CASE("a head is cut into its parts") {
  Head head;
  REQUIRE(
      statusOf("POST /a%20b/c?x=1&y HTTP/1.1\r\nHost: example.org:80\r\nX-Test:  two words \t\r\n"
               "Content-Length: 12\r\nConnection: Keep-Alive, x\r\nempty:\r\n\r\n",
               head) == 0);
  CHECK(head.method() == "POST");
  CHECK(head.path() == "/a%20b/c");
  CHECK(head.query() == "x=1&y");
  CHECK(head.host() == "example.org:80");
  CHECK(head.find("x-test") == "two words");
  CHECK(head.find("empty").empty());
  CHECK(head.contentLength() == 12);
  CHECK(head.keepAlive());
  CHECK(head.hasBody());
}

TEST_CASE("an absolute target names the host") {
  Head head;
  REQUIRE(statusOf("GET http://b.example:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n", head) == 0);
  CHECK(head.path() == "/p");
  CHECK(head.query() == "q");
  CHECK(head.host() == "b.example:81");
}

TEST_CASE("an absolute target without a path means the root") {
  Head head;
  for (const std::string target : {"HTTPS://b", "http://b"}) {
    REQUIRE(statusOf("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", head) == 0);
    CHECK(head.path() == "/");
    CHECK(head.query().empty());
    REQUIRE(statusOf("GET " + target + "?q=1 HTTP/1.1\r\nHost: a\r\n\r\n", head) == 0);
    CHECK(head.path() == "/");
    CHECK(head.query() == "q=1");
    CHECK(head.host() == "b");
  }
}

TEST_CASE("connections are kept as the version and Connection say") {
  Head head;
  REQUIRE(statusOf(get(""), head) == 0);
  CHECK(head.keepAlive());
  REQUIRE(statusOf(get("Connection: foo, CLOSE\r\n"), head) == 0);
  CHECK_FALSE(head.keepAlive());
  REQUIRE(statusOf("GET / HTTP/1.0\r\n\r\n", head) == 0);
  CHECK_FALSE(head.keepAlive());
  CHECK(head.minorVersion() == 0);
  REQUIRE(statusOf("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", head) == 0);
  CHECK(head.keepAlive());
}

TEST_CASE("Expect: 100-continue is noticed, but not in HTTP/1.0") {
  Head head;
  REQUIRE(statusOf(get("Expect: 100-Continue\r\n"), head) == 0);
  CHECK(head.expectContinue());
  REQUIRE(statusOf("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", head) == 0);
  CHECK_FALSE(head.expectContinue());
}

TEST_CASE("of a head that is refused or cut, what could be read is there") {
  struct Part {
    std::string bytes;
    const char* path;
    const char* origin;
  };
  const std::string origin = "Origin: http://o\r\n";
  for (const Part& part : std::vector<Part>{
           {"POST /api/login/?x HTTP/1.1\r\nHost: a\r\n" + origin + "broken\r\n\r\n", "/api/login/",
            "http://o"},
           {"POST /api/login/ HTTP/2.0\r\nHost: a\r\n" + origin + "\r\n", "/api/login/", ""},
           {"POST /api/lo<gin/ HTTP/1.1\r\nHost: a\r\n\r\n", "/api/lo", ""},
           {"POST /api/login/\r\n", "/api/login/", ""},
           {"POST /api/login/ HTTP/1.1\nHost: a\n\n", "/api/login/", ""},
           {"POST /api/login/ HTTP/1.1\r\n" + origin + "X: half", "/api/login/", "http://o"},
           {"GET /api/" + std::string(9000, 'x'), "/api/xxx", ""},
           {"GET x HTTP/1.1\r\n\r\n", "", ""},
           {"GET", "", ""}}) {
    CAPTURE(part.bytes.substr(0, 60));
    Head head;
    CHECK(head.parse(part.bytes, HeadLimits{}) != nullptr);
    CHECK(head.path().substr(0, std::string_view(part.path).size()) == part.path);
    CHECK((head.path().empty() == std::string_view(part.path).empty()));
    CHECK(head.find("origin") == part.origin);
  }
}

TEST_CASE("odd but sound heads are accepted") {
  Head head;
  CHECK(statusOf("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", head) == 0);
  CHECK(statusOf("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", head) == 0);
  CHECK(statusOf(get("X: \xc3\xa9\r\n"), head) == 0);
  CHECK(statusOf(get("Transfer-Encoding: CHUNKED\r\n"), head) == 0);
  CHECK(head.chunked());
  CHECK(statusOf(get(manyFields(99)), head) == 0);
  CHECK(statusOf("GET //a//b HTTP/1.1\r\nHost: a\r\n\r\n", head) == 0);
}

TEST_CASE("a head that comes byte by byte is found once, and scanned once") {
  const std::string bytes = get("X: y\r\n");
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    CHECK(findHeadEnd(std::string_view(bytes).substr(0, size), size - 1, HeadLimits{}).size == 0);
  }
  CHECK(findHeadEnd(bytes, bytes.size() - 1, HeadLimits{}).size == bytes.size());
  CHECK(findHeadEnd(bytes + "GET / next", 0, HeadLimits{}).size == bytes.size());
}

TEST_CASE("every truncation and every changed byte of a head is survived") {
  const std::string sound =
      "PUT /v?q HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\nExpect: "
      "100-continue\r\n\r\n";
  Head head;
  for (std::size_t size = 0; size <= sound.size(); ++size) {
    statusOf(sound.substr(0, size), head);
    head.parse(std::string_view(sound).substr(0, size), HeadLimits{});
  }
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = sound;
      changed[at] = static_cast<char>(byte);
      const int status = statusOf(changed, head);
      CHECK((status == 0 || status == -1 || (status >= 400 && status <= 505)));
    }
  }
}
