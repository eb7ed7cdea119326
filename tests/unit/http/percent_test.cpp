// Percent-decoding and header parameters.
#include "http/percent.h"

#include "catch.h"
#include "http/header_parameters.h"

using namespace reeld::http;

TEST_CASE("components of queries and forms are decoded strictly") {
  CHECK(decodeComponent("p+q%2B%C3%A9%2f") == "p q+é/");
  for (const char* text : {"%", "a%4", "%zz", "%ff", "%00", "%c0%af", "%ed%a0%80"}) {
    CAPTURE(text);
    CHECK_FALSE(decodeComponent(text));
  }
}

TEST_CASE("paths are decoded strictly") {
  CHECK(decodePath("/a%20b/%C3%BC") == "/a b/ü");
  CHECK(decodePath("/a+b") == "/a+b");
  for (const char* path :
       {"/%", "/%1", "/%g0", "/%00", "/a%2fb", "/a%2Fb", "/%ff", "/%c3", "/%f5%80%80%80"}) {
    CAPTURE(path);
    CHECK_FALSE(decodePath(path));
  }
}

TEST_CASE("header parameters are found by name") {
  CHECK(headerWord("Form-Data ; x=y") == "form-data");
  CHECK(headerParameter("form-data; name=a; filename=\"b;c=d\"", "filename") == "b;c=d");
  CHECK(headerParameter("form-data; NAME=a", "name") == "a");
  CHECK(headerParameter("form-data; filename=\"C:\\clip.mp4\"", "filename") == "C:\\clip.mp4");
  CHECK_FALSE(headerParameter("form-data; filename=a", "name"));
  CHECK_FALSE(headerParameter("form-data", "name"));
  CHECK_FALSE(headerParameter("form-data; name", "name"));
}
