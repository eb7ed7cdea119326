// One domain, one spelling for machines and one for people.
#include "base/domain_name.h"

#include "catch.h"

using reeld::asciiDomain;
using reeld::readableDomain;

TEST_CASE("a domain is told to machines in ASCII") {
  CHECK(asciiDomain("Example.ORG") == "example.org");
  CHECK(asciiDomain("bücher.example") == "xn--bcher-kva.example");
  CHECK(asciiDomain("BÜCHER.example") == "xn--bcher-kva.example");
  CHECK(asciiDomain("bu\xcc\x88"
                    "cher.example") == "xn--bcher-kva.example");
  CHECK(asciiDomain("XN--BCHER-KVA.example") == "xn--bcher-kva.example");
  CHECK(asciiDomain("straße.example") == "xn--strae-oqa.example");
  CHECK(asciiDomain("example\xe3\x80\x82org") == "example.org");  // an ideographic full stop
}

TEST_CASE("and to people in their letters, the same however it came") {
  for (const char* domain : {"bücher.example", "Bücher.Example", "xn--bcher-kva.example"}) {
    CAPTURE(domain);
    CHECK(readableDomain(domain) == "bücher.example");
  }
  CHECK(readableDomain("Example.org") == "example.org");
}

TEST_CASE("an encoded name that no letters stand for is taken as it is") {
  for (const char* domain : {"xn--n3h.example", "XN--N3H.example"}) {
    CHECK(asciiDomain(domain) == "xn--n3h.example");
    CHECK(readableDomain(domain) == "xn--n3h.example");
  }
  CHECK(asciiDomain("r3---a.ab--cd.example") == "r3---a.ab--cd.example");
}

TEST_CASE("what cannot be a domain is none") {
  using namespace std::string_view_literals;
  for (const auto domain :
       {"b\xff.example"sv, "\xc3\xbc\0.example"sv, "a\xe2\x80\xae.example"sv, "xn--\0.example"sv}) {
    CAPTURE(domain);
    CHECK_FALSE(asciiDomain(domain));
    CHECK_FALSE(readableDomain(domain));
  }
}
