// The chunk decoder against bent bodies: however the bytes are cut, the same body or the same
// failure comes out, every view lies in the input, and nothing behind the end is taken.
#include "http/engine/chunk_decoder.h"
#include "mutations.h"

using reeld::http::engine::ChunkDecoder;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const Language Bodies{"chunked bodies",
                      {"0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n",
                       "1\r\na\r\nA;name=\"v\"\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
                       "00000003\r\nabc\r\n000\r\nA: b\r\nC: d\r\n\r\nGET / HTTP/1.1\r\n"},
                      {"\r\n",
                       "\n",
                       "\r",
                       "0\r\n\r\n",
                       "0",
                       "ffffffffffffffff",
                       "10000000000000000",
                       "7fffffffffffffff",
                       "FFF",
                       "0x5",
                       "+5",
                       "-1",
                       " ",
                       "\t",
                       ";",
                       ";a=b",
                       ";\"",
                       ":",
                       "\x7f",
                       "5\r\nhello\r\n",
                       "3\r\nab\r\n"}};

struct FuzzDecoded {
  std::string body;
  std::string_view rest;
  bool done = false;
  bool failed = false;
  const char* broken = nullptr;
};

void decodeMore(ChunkDecoder& decoder, std::string_view piece, std::size_t limit,
                FuzzDecoded& out) {
  while (!decoder.done() && !decoder.failed()) {
    const std::string_view before = piece;
    const std::string_view bytes = decoder.next(piece, limit);
    if (!reeld::test::liesIn(bytes, before) || !reeld::test::liesIn(piece, before)) {
      out.broken = "a view outside the input";
    } else if (bytes.size() > limit) {
      out.broken = "more bytes than were asked for";
    } else if (decoder.failed() && !bytes.empty()) {
      out.broken = "bytes of a body that failed";
    }
    if (out.broken != nullptr || bytes.empty()) {
      break;
    }
    out.body.append(bytes);
  }
  out.rest = piece;
  out.done = decoder.done();
  out.failed = decoder.failed();
  if (out.broken == nullptr && !out.done && !out.failed && !piece.empty()) {
    out.broken = "neither an end nor all of the input taken";
  }
}

std::string printChunks(const std::string& body, std::size_t size) {
  std::ostringstream out;
  for (std::size_t at = 0; at < body.size(); at += size) {
    const std::string piece = body.substr(at, size);
    out << std::hex << piece.size() << "\r\n" << piece << "\r\n";
  }
  return out.str() + "0\r\n\r\n";
}

const char* brokenChunks(std::string_view input, Mutations& random) {
  ChunkDecoder decoder;
  FuzzDecoded whole;
  decodeMore(decoder, input, input.size() + 1, whole);
  const std::size_t cut = random.below(input.size() + 1);
  ChunkDecoder piecewise;
  FuzzDecoded pieces;
  decodeMore(piecewise, input.substr(0, cut), 3, pieces);
  if (!pieces.done && !pieces.failed && pieces.broken == nullptr) {
    decodeMore(piecewise, input.substr(cut), 3, pieces);
  } else {
    pieces.rest = input.substr(cut - pieces.rest.size());
  }
  for (const FuzzDecoded* one : {&whole, &pieces}) {
    if (one->broken != nullptr) {
      return one->broken;
    }
    if (one->done && one->failed) {
      return "done and failed";
    }
  }
  if (whole.done != pieces.done || whole.failed != pieces.failed || whole.body != pieces.body) {
    return "two pieces decode to something else than one";
  }
  if (!whole.done) {
    return nullptr;
  }
  if (whole.rest.size() != pieces.rest.size()) {
    return "the end is elsewhere in two pieces than in one";
  }
  const std::string printed = printChunks(whole.body, 1 + random.below(20));
  ChunkDecoder reader;
  FuzzDecoded again;
  decodeMore(reader, printed, printed.size(), again);
  return again.done && again.body == whole.body ? nullptr
                                                : "the body changes when it is written out";
}

}  // namespace

TEST_CASE("a bent chunked body decodes the same in every cut, or fails") {
  reeld::test::fuzz(Bodies, brokenChunks);
}
