// Chunked bodies: the same result however the bytes are cut, and every malformed one refused.
#include "http/engine/chunk_decoder.h"

#include "catch.h"
#include "http/engine/body_reader.h"

using namespace reeld::http::engine;

namespace {

struct Decoded {
  std::string body;
  std::string rest;
  bool done = false;
  bool failed = false;
};

Decoded decode(std::string_view wire, std::size_t step, std::size_t limit = 1 << 20) {
  ChunkDecoder decoder;
  Decoded out;
  while (!wire.empty() && !decoder.done() && !decoder.failed()) {
    std::string_view input = wire.substr(0, step);
    const std::size_t before = input.size();
    std::string_view piece;
    while (!(piece = decoder.next(input, limit)).empty()) {
      CHECK(piece.size() <= limit);
      out.body.append(piece);
    }
    wire.remove_prefix(before - input.size());
  }
  out.rest = wire;
  out.done = decoder.done();
  out.failed = decoder.failed();
  return out;
}

}  // namespace

TEST_CASE("a chunked body reads the same in every cut") {
  const std::string wire =
      "5\r\nhello\r\n1;ext=\"v\"\r\n \r\n005\r\nworld\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\nGET "
      "/next";
  for (std::size_t step = 1; step <= wire.size(); ++step) {
    CAPTURE(step);
    const Decoded out = decode(wire, step, 3);
    CHECK(out.body == "hello world");
    CHECK(out.done);
    CHECK(out.rest == "GET /next");
  }
}

TEST_CASE("malformed chunks fail, and what follows them is never a body") {
  const std::vector<std::string> rows = {"zz\r\n",
                                         "0x2\r\nab\r\n",
                                         "-1\r\n",
                                         "+2\r\nab",
                                         " 2\r\nab",
                                         "2 \r\nab",
                                         "\r\n",
                                         ";x\r\n",
                                         "2\nab\r\n",
                                         "2\r\nabc\r\n",
                                         "2\r\nab\n",
                                         "2\rXab",
                                         "1234567890123456\r\n",
                                         "ffffffffffffffffff\r\n",
                                         "2;a\x01\r\nab",
                                         "0\r\n bad: x\r\n\r\n",
                                         "0\r\nbad\r\n\r\n",
                                         "0\r\nx: a\nb\r\n\r\n",
                                         "0\r\n\n",
                                         "0\r\n: x\r\n\r\n",
                                         "1;" + std::string(1025, 'e') + "\r\na\r\n",
                                         "0\r\n" + [] {
                                           std::string trailers;
                                           for (int i = 0; i < 900; ++i) {
                                             trailers += "X: yyyyyyyy\r\n";
                                           }
                                           return trailers;
                                         }()};
  for (const auto& row : rows) {
    CAPTURE(row);
    CHECK(decode(row, row.size()).failed);
    CHECK(decode(row, 1).failed);
  }
}

TEST_CASE("an unfinished chunked body is neither done nor failed") {
  for (const char* wire :
       {"5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "0\r\n", "0\r\nX: y\r\n", "5"}) {
    const Decoded out = decode(wire, 100);
    CHECK_FALSE(out.done);
    CHECK_FALSE(out.failed);
  }
}

TEST_CASE("a sized body ends at its length") {
  BodyReader body = BodyReader::sized(5);
  std::string_view input = "hello, next";
  CHECK(body.next(input, 3) == "hel");
  CHECK_FALSE(body.done());
  CHECK(body.next(input, 100) == "lo");
  CHECK(body.done());
  CHECK(input == ", next");
  CHECK(BodyReader::none().done());
}
