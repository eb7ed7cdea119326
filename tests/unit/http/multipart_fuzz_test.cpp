// The multipart parser against bent forms: however the bytes are cut, the same parts or a refusal
// come out, parts begin and end in turn, and no boundary is left inside the data.
#include "base/error.h"
#include "http/multipart.h"
#include "mutations.h"

#include <optional>

using namespace reeld;
using namespace reeld::http;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const Language Forms{
    "multipart forms",
    {"--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMy clip\r\n--XX--\r\n",
     "preamble\r\n--XX\r\ncontent-disposition: form-data; name=a; filename=\"a \\\"b\\\".mp4\"\r\n"
     "Content-Type: video/mp4\r\n\r\n\r\n--X binary \r\n--XY\r\n--XX \t\r\n"
     "Content-Disposition: form-data; name=b\r\n\r\n\r\n--XX--epilogue"},
    {"\r\n",
     "\n",
     "\r",
     "--",
     "--XX",
     "\r\n--XX",
     "\r\n--XX\r\n",
     "\r\n--XX--",
     "\r\n--X",
     "\"",
     "\\",
     ";",
     "=",
     "; name=\"x\"",
     "; filename*=UTF-8''x",
     "Content-Disposition: form-data; name=c\r\n",
     "Content-Type: text/plain\r\n",
     ":",
     " ",
     "\t",
     "\x7f",
     "\xff",
     "\r\n\r\n"}};

const Language ContentTypes{
    "multipart content types",
    {"multipart/form-data; boundary=XX", "Multipart/Form-Data;charset=utf-8; boundary=\"a b\"",
     "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"},
    {"boundary=", "; boundary=Y", ";", "=", "\"", "\\", " ", "\t", ",", "multipart/form-data",
     "\r\n", "0123456789012345678901234567890123456789012345678901234567890123456789"}};

class FuzzRecorder final : public PartEvents {
 public:
  void partBegins(const PartHead& head) override {
    is_orderly = is_orderly && !open;
    open = true;
    log +=
        "\1" + head.name + "\2" + head.file_name.value_or("\3") + "\2" + head.content_type + "\1";
    data.clear();
  }
  void partData(std::string_view bytes) override {
    is_orderly = is_orderly && open;
    log.append(bytes);
    data.append(bytes);
  }
  void partEnds() override {
    is_orderly = is_orderly && open && data.find("\r\n--XX") == data.npos;
    open = false;
    log += "\4";
  }
  std::string log;
  std::string data;
  bool open = false;
  bool is_orderly = true;
};

struct Outcome {
  std::optional<std::string> log;  ///< nothing if the form was refused
  const char* broken = nullptr;
};

Outcome parsedParts(std::string_view body, std::size_t step) {
  FuzzRecorder recorder;
  Outcome outcome;
  try {
    MultipartParser parser("XX", recorder);
    for (std::size_t at = 0; at < body.size(); at += step) {
      parser.feed(body.substr(at, step));
    }
    parser.finish();
    outcome.log = recorder.log;
    outcome.broken = recorder.open ? "a form that ends inside a part" : nullptr;
  } catch (const Error& error) {
    outcome.broken = error.code() == ErrorCode::Invalid ? nullptr : "refused with another code";
  }
  if (!recorder.is_orderly) {
    outcome.broken = "parts out of turn, or a boundary left in the data";
  }
  return outcome;
}

const char* brokenForm(std::string_view input, Mutations& random) {
  const Outcome whole = parsedParts(input, input.size() + 1);
  const Outcome pieces = parsedParts(input, 1 + random.below(40));
  for (const Outcome* one : {&whole, &pieces}) {
    if (one->broken != nullptr) {
      return one->broken;
    }
  }
  return whole.log == pieces.log ? nullptr : "small pieces read differently from one";
}

const char* brokenBoundary(std::string_view input, Mutations&) {
  const auto boundary = multipartBoundary(input);
  if (!boundary) {
    return nullptr;
  }
  if (boundary->empty() || boundary->size() > 70 || boundary->back() == ' ') {
    return "a boundary that RFC 2046 does not allow";
  }
  const auto again = multipartBoundary("multipart/form-data; boundary=\"" + *boundary + "\"");
  return again == boundary ? nullptr : "the boundary changes when it is written out";
}

}  // namespace

TEST_CASE("a bent form reads the same in every cut, or is refused") {
  reeld::test::fuzz(Forms, brokenForm);
}

TEST_CASE("a bent Content-Type has a valid boundary or none") {
  reeld::test::fuzz(ContentTypes, brokenBoundary);
}
