// Trusted proxies, addresses and networks, cross-origin fields.
#include "http/live_settings.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/fake_exchange.h"
#include "http/cors.h"
#include "http/request_id.h"

using namespace reeld;
using namespace reeld::http;
using engine::Address;
using engine::Network;

namespace {
std::string clientOf(const Live& live, const std::string& peer, const std::string& fields) {
  engine::Head head;
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  REQUIRE(head.parse(bytes, {}) == nullptr);
  const Origin origin = live.originOf(*Address::parse(peer), head);
  return origin.address.text() + (origin.https ? " https" : "");
}

std::string forwardedHost(const Live& live, const std::string& peer, const std::string& fields) {
  engine::Head head;
  const std::string bytes = "GET / HTTP/1.1\r\nHost: inner\r\n" + fields + "\r\n";
  REQUIRE(head.parse(bytes, {}) == nullptr);
  return std::string(live.originOf(*Address::parse(peer), head).forwarded_host);
}
}  // namespace

TEST_CASE("addresses and networks are read exactly") {
  CHECK(Address::parse("192.0.2.1")->text() == "192.0.2.1");
  CHECK(Address::parse("[2001:db8::1]")->text() == "2001:db8::1");
  CHECK(Address::parse("::ffff:192.0.2.1")->text() == "192.0.2.1");
  CHECK(Address::parse("127.9.9.9")->isLoopback());
  CHECK(Address::parse("::1")->isLoopback());
  CHECK_FALSE(Address::parse("::2")->isLoopback());
  CHECK(Address::parse("2001:db8:1:2:3::4")->subscriber() == *Address::parse("2001:db8:1:2::"));
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "x", "1.2.3.4 ", "01.2.3.4/8"}) {
    CHECK_FALSE(Address::parse(text));
  }
  CHECK(Network::parse("10.0.0.0/8")->contains(*Address::parse("10.255.1.2")));
  CHECK_FALSE(Network::parse("10.0.0.0/8")->contains(*Address::parse("11.0.0.1")));
  CHECK(Network::parse("192.168.1.128/25")->contains(*Address::parse("192.168.1.200")));
  CHECK_FALSE(Network::parse("192.168.1.128/25")->contains(*Address::parse("192.168.1.127")));
  CHECK(Network::parse("2001:db8::/33")->contains(*Address::parse("2001:db8:7fff::1")));
  CHECK_FALSE(Network::parse("2001:db8::/33")->contains(*Address::parse("2001:db8:8000::1")));
  CHECK(Network::parse("::1")->contains(*Address::parse("::1")));
  for (const char* text :
       {"10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "a/8"}) {
    CAPTURE(text);
    CHECK_FALSE(Network::parse(text));
  }
}

TEST_CASE("forwarded headers count only from trusted proxies") {
  const Live live({{}, {"10.0.0.0/8", "::1"}, ""});
  CHECK(clientOf(live, "198.51.100.1",
                 "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\n") == "198.51.100.1");
  CHECK(clientOf(live, "10.0.0.1", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\n") ==
        "1.1.1.1 https");
  CHECK(clientOf(live, "10.0.0.1", "X-Forwarded-For: 6.6.6.6, 1.1.1.1, 10.9.9.9\r\n") == "1.1.1.1");
  CHECK(clientOf(live, "10.0.0.1", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.1.1.1\r\n") ==
        "1.1.1.1");
  CHECK(clientOf(live, "10.0.0.1", "X-Forwarded-For: 1.1.1.1:5555\r\n") == "1.1.1.1");
  CHECK(clientOf(live, "10.0.0.1", "X-Forwarded-For: 1.1.1.1, unknown\r\n") == "10.0.0.1");
  CHECK(clientOf(live, "10.0.0.1", "X-Forwarded-Proto: https, http\r\n") == "10.0.0.1");
  CHECK(clientOf(live, "10.0.0.1", "") == "10.0.0.1");
}

TEST_CASE("the forwarded host counts only from trusted proxies, and if it is one") {
  const Live live({{}, {"10.0.0.0/8"}, ""});
  CHECK(forwardedHost(live, "198.51.100.1", "X-Forwarded-Host: evil.example\r\n") == "");
  CHECK(forwardedHost(live, "10.0.0.1", "X-Forwarded-Host: video.example\r\n") == "video.example");
  CHECK(forwardedHost(live, "10.0.0.1", "X-Forwarded-Host: evil.example, video.example\r\n") ==
        "video.example");
  CHECK(forwardedHost(live, "10.0.0.1", "X-Forwarded-Host: <script>\r\n") == "");
  CHECK(forwardedHost(live, "10.0.0.1", "") == "");
}

TEST_CASE("URLs in answers begin with the public URL, or with what the request went to") {
  CHECK(Live({{}, {}, "https://Video.Example/"}).siteOrigin("http", "inner:8470") ==
        "https://video.example");
  CHECK(Live({}).siteOrigin("http", "127.0.0.1:8000") == "http://127.0.0.1:8000");
  CHECK(Live({}).siteOrigin("https", "Video.Example:443") == "https://video.example");
  CHECK(Live({}).siteOrigin("http", "") == "");
}

TEST_CASE("every wrong proxy is named at once") {
  try {
    Live live({{}, {"10.0.0.0/8", "nonsense", "10.0.0.1/8"}, ""});
    FAIL("must throw");
  } catch (const Error& error) {
    REQUIRE(error.violations().size() == 2);
    CHECK(error.violations()[1].pointer == "/http/trusted_proxies/2");
  }
}

TEST_CASE("only allowed origins are answered, and caches are told") {
  const Live live({{"https://app.example/"}, {}, ""});
  std::string fields;
  appendCors(fields, live, "https://app.example");
  CHECK_THAT(fields, ContainsSubstring("Access-Control-Allow-Origin: https://app.example\r\n"));
  CHECK_THAT(fields, ContainsSubstring("Vary: Origin\r\n"));
  fields.clear();
  appendCors(fields, live, "https://app.example.evil");
  CHECK(fields == "Vary: Origin\r\n");
  fields.clear();
  appendCors(fields, Live({}), "https://app.example");
  CHECK(fields.empty());
}

TEST_CASE("an origin is what a browser makes of a URL") {
  CHECK(originOfUrl("https://App.Example/pages/auth?x#y") == "https://app.example");
  CHECK(originOfUrl("HTTPS://app.example:443") == "https://app.example");
  CHECK(originOfUrl("http://app.example:80/") == "http://app.example");
  CHECK(originOfUrl("http://app.example:443") == "http://app.example:443");
  CHECK(originOfUrl("http://[::1]:5500/x") == "http://[::1]:5500");
  CHECK(originOfUrl("") == "");
  CHECK(originOfUrl("ftp://app.example") == "");
  CHECK(Live({{"http://127.0.0.1:5500/pages"}, {}, ""}).allowsOrigin("http://127.0.0.1:5500"));
}

TEST_CASE("cross-site is what browsers say it is, and a foreign origin") {
  const Live live({{"https://app.example"}, {}, "https://video.example/"});
  const auto crossSite = [&](std::map<std::string, std::string> headers) {
    test::FakeExchange exchange;
    exchange.headers = std::move(headers);
    return isCrossSite(live, exchange);
  };
  CHECK_FALSE(crossSite({}));
  CHECK_FALSE(crossSite({{"sec-fetch-site", "same-site"}}));
  CHECK_FALSE(crossSite({{"sec-fetch-site", "none"}}));
  CHECK_FALSE(crossSite({{"origin", "https://app.example"}, {"sec-fetch-site", "same-site"}}));
  CHECK_FALSE(crossSite({{"origin", "https://video.example"}}));
  CHECK_FALSE(crossSite({{"origin", "https://localhost"}}));  // the exchange's Host
  CHECK(crossSite({{"sec-fetch-site", "cross-site"}}));
  CHECK(crossSite({{"origin", "https://app.example"}, {"sec-fetch-site", "cross-site"}}));
  CHECK(crossSite({{"origin", "https://evil.example"}}));
  CHECK(crossSite({{"origin", "https://app.example.evil"}}));
  CHECK(crossSite({{"origin", "http://localhost:5500"}}));
  CHECK(crossSite({{"origin", "null"}}));
}

TEST_CASE("a preflight names only headers from the list") {
  CHECK(allowedRequestHeaders("Content-Type, X-Evil,tus-resumable, UPLOAD-offset") ==
        "content-type, tus-resumable, upload-offset");
  CHECK(allowedRequestHeaders("x\r\ny").empty());
}

TEST_CASE("request ids from outside are taken only if harmless") {
  CHECK(isHarmlessRequestId("abcd-1234_x.y"));
  CHECK_FALSE(isHarmlessRequestId("short"));
  CHECK_FALSE(isHarmlessRequestId(std::string(65, 'a')));
  CHECK_FALSE(isHarmlessRequestId("abcd 1234"));
  CHECK_FALSE(isHarmlessRequestId("abcd\"1234"));
  RequestIds ids;
  std::array<char, RequestIds::Size> one{};
  std::array<char, RequestIds::Size> two{};
  ids.next(one.data());
  ids.next(two.data());
  CHECK(one != two);
  CHECK(isHarmlessRequestId({one.data(), one.size()}));
}
