// multipart/form-data: every cut of the same bytes gives the same events; hostile bodies are
// refused.
#include "http/multipart.h"

#include "base/error.h"
#include "catch.h"

using namespace reeld;
using namespace reeld::http;

namespace {

class Recorder final : public PartEvents {
 public:
  void partBegins(const PartHead& head) override {
    log += "[" + head.name + (head.file_name ? "|" + *head.file_name : "") +
           (head.content_type.empty() ? "" : "|" + head.content_type) + ":";
  }
  void partData(std::string_view bytes) override { log.append(bytes); }
  void partEnds() override { log += "]"; }
  std::string log;
};

std::string parsed(std::string_view body, std::size_t step) {
  Recorder recorder;
  MultipartParser parser("XX", recorder);
  while (!body.empty()) {
    parser.feed(body.substr(0, step));
    body.remove_prefix(std::min(step, body.size()));
  }
  parser.finish();
  return recorder.log;
}

std::string part(const std::string& head, const std::string& data) {
  return "--XX\r\n" + head + "\r\n\r\n" + data + "\r\n";
}
const std::string Title = "Content-Disposition: form-data; name=\"title\"";

}  // namespace

TEST_CASE("a form reads the same in every cut") {
  const std::string file = "\r\n--X binary \r\n\r\n--XY\r\n-\r\n";
  const std::string body =
      part(Title, "My clip") + part("content-disposition: form-data; name=empty", "") +
      part(
          "Content-Type: video/mp4\r\nContent-Disposition: form-data; name=\"file\"; "
          "filename=\"a \\\"b\\\".mp4\"",
          file) +
      "--XX--\r\nepilogue";
  const std::string expected = "[title:My clip][empty:][file|a \"b\".mp4|video/mp4:" + file + "]";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    CAPTURE(step);
    CHECK(parsed(body, step) == expected);
  }
}

TEST_CASE("a preamble and blanks after the boundary are allowed") {
  CHECK(parsed("preamble\r\n--XX \t\r\n" + Title + "\r\n\r\nv\r\n--XX--", 3) == "[title:v]");
}

TEST_CASE("malformed forms are refused") {
  const std::string good = part(Title, "v");
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"nothing", ""},
      {"no closing boundary", good},
      {"cut in the data", "--XX\r\n" + Title + "\r\n\r\nhalf"},
      {"cut in the head", "--XX\r\n" + Title},
      {"another boundary", "--YY\r\n" + Title + "\r\n\r\nv\r\n--YY--"},
      {"long preamble", std::string(5000, 'p') + good + "--XX--"},
      {"no disposition", part("Content-Type: text/plain", "v") + "--XX--"},
      {"empty head", "--XX\r\n\r\nv\r\n--XX--"},
      {"attachment", part("Content-Disposition: attachment; name=a", "v") + "--XX--"},
      {"no name", part("Content-Disposition: form-data", "v") + "--XX--"},
      {"two dispositions", part(Title + "\r\n" + Title, "v") + "--XX--"},
      {"name is not UTF-8", part("Content-Disposition: form-data; name=\"\xff\"", "v") + "--XX--"},
      {"unterminated name", part("Content-Disposition: form-data; name=\"a", "v") + "--XX--"},
      {"NUL in the head",
       part(std::string("Content-Disposition: form-data; name=\"a\0\"", 41), "v") + "--XX--"},
      {"line without colon", part(Title + "\r\nnothing", "v") + "--XX--"},
      {"folded head line", part(Title + "\r\n x: y", "v") + "--XX--"},
      {"huge head", part(Title + "\r\nX: " + std::string(9000, 'h'), "v") + "--XX--"},
      {"text after the boundary", "--XXY\r\n" + Title + "\r\n\r\nv\r\n--XX--"},
      {"65 parts",
       [&] {
         std::string all;
         for (int i = 0; i < 65; ++i) {
           all += good;
         }
         return all + "--XX--";
       }()},
  };
  for (const auto& [name, body] : rows) {
    CAPTURE(name);
    CHECK_THROWS_AS(parsed(body, 1000), Error);
    CHECK_THROWS_AS(parsed(body, 1), Error);
  }
}

TEST_CASE("the boundary comes from a valid header alone") {
  CHECK(multipartBoundary("multipart/form-data; boundary=abc") == "abc");
  CHECK(multipartBoundary("Multipart/Form-Data; charset=x; BOUNDARY=\"a b\"") == "a b");
  CHECK_FALSE(multipartBoundary("multipart/mixed; boundary=abc"));
  CHECK_FALSE(multipartBoundary("multipart/form-data"));
  CHECK_FALSE(multipartBoundary("multipart/form-data; boundary="));
  CHECK_FALSE(multipartBoundary("multipart/form-data; boundary=\"a\\\"\r\n\""));
  CHECK_FALSE(multipartBoundary("multipart/form-data; boundary=" + std::string(71, 'a')));
  CHECK_FALSE(multipartBoundary("multipart/form-data; boundary=\"a \""));
}
