// Headers that interceptors set: replaced by name, bounded, and none that only the server sets.
#include "http/field_lines.h"

#include "catch.h"

using namespace reeld::http;

namespace {
std::string roomFor(std::size_t bytes) {
  std::string lines;
  lines.reserve(bytes);
  return lines;
}
}  // namespace

TEST_CASE("a field is a line, and a second one of its name takes its place") {
  std::string lines = roomFor(100);
  CHECK(setFieldLine(lines, "X-One", "1"));
  CHECK(setFieldLine(lines, "X-Two", "2"));
  CHECK(lines == "X-One: 1\r\nX-Two: 2\r\n");
  CHECK(setFieldLine(lines, "x-one", "three"));
  CHECK(lines == "X-Two: 2\r\nx-one: three\r\n");
  CHECK(hasFieldLine(lines, "X-ONE"));
  CHECK_FALSE(hasFieldLine(lines, "x-on"));
  CHECK_FALSE(hasFieldLine(lines, "three"));
  CHECK_FALSE(hasFieldLine("", "x"));
}

TEST_CASE("what is no field, and what only the server sets, is left out") {
  std::string lines = roomFor(200);
  for (const char* name :
       {"", "a b", "a:b", "a\r\nb", "Content-Length", "TRANSFER-ENCODING", "connection",
        "set-cookie", "Access-Control-Allow-Origin", "date", "X-Request-Id", "content-type"}) {
    CAPTURE(name);
    CHECK_FALSE(setFieldLine(lines, name, "1"));
  }
  CHECK_FALSE(setFieldLine(lines, "x", "a\r\nSet-Cookie: b"));
  CHECK_FALSE(setFieldLine(lines, "x", std::string_view("a\0b", 3)));
  CHECK(lines.empty());
}

TEST_CASE("what finds no room is left out whole, and nothing grows") {
  std::string lines = roomFor(40);
  const std::size_t room = lines.capacity();
  CHECK(setFieldLine(lines, "a", std::string(room - 5, 'x')));
  CHECK(lines.size() == room);
  CHECK_FALSE(setFieldLine(lines, "b", ""));
  CHECK_FALSE(setFieldLine(lines, "a", std::string(room - 4, 'y')));
  CHECK(lines == "a: " + std::string(room - 5, 'x') + "\r\n");
  CHECK(setFieldLine(lines, "a", "y"));
  CHECK(lines == "a: y\r\n");
  CHECK(lines.capacity() == room);
}
