// Decoding what was published: what the encoder's child is asked, and what its answers mean.
#include "processing/decode_check.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"
#include "fakes/fake_storage.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>

using namespace reeld;
using namespace reeld::processing;

namespace {

/// Answers in this process what a test says the child would.
class FakeEncoder final : public Encoder {
 public:
  Json probe(int) override { return {}; }
  void run(const Task& task, const TaskEvents& events, const std::atomic<bool>&) override {
    inputs.push_back(task.inputs.size());
    std::ofstream(task.output_dir + "/report.json") << answer(task.inputs.size());
    events.artifact("report", "report.json");
  }
  std::vector<std::size_t> inputs;
  std::function<std::string(std::size_t)> answer;
};

std::string file(std::int64_t frames, std::int64_t samples, std::int64_t errors = 0) {
  return R"({"frames":)" + std::to_string(frames) + R"(,"samples":)" + std::to_string(samples) +
         R"(,"errors":)" + std::to_string(errors) + "}";
}

/// One rendition of three segments, two of four seconds and one of one.
struct Published {
  Published() {
    initCrypto();
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-XXXXXX").string();
    options.work_dir = ::mkdtemp(pattern.data());
    Rendition made;
    made.name = "480p";
    made.width = 854;
    made.codecs = "avc1.4d401e,mp4a.40.2";
    made.segments = {{0, 0, 4'000'000, 3, 100, "480p/0", ""},
                     {1, 4'000'000, 4'000'000, 3, 100, "480p/1", ""},
                     {2, 8'000'000, 1'000'000, 3, 25, "480p/2", ""}};
    for (const Segment& segment : made.segments) {
      storage.objects[segment.storage_key] = "abc";
    }
    renditions = {made};
  }
  ~Published() { std::filesystem::remove_all(options.work_dir); }
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  std::vector<std::string> check(const std::string& answer) {
    encoder.answer = [answer](std::size_t) { return answer; };
    return DecodeCheck(options, storage, encoder).check(renditions, [](auto, auto) {});
  }
  /// The three segments, the middle one as given.
  std::vector<std::string> withSecond(const std::string& second) {
    return check(R"({"files":[)" + file(100, 193'024) + "," + second + "," + file(25, 60'000) +
                 "]}");
  }

  DecodeOptions options;
  test::FakeStorage storage;
  FakeEncoder encoder;
  std::vector<Rendition> renditions;
};

}  // namespace

TEST_CASE("segments that hold what their rows say have no problems") {
  Published published;
  CHECK(published.withSecond(file(100, 191'488)).empty());
  CHECK(std::filesystem::is_empty(published.options.work_dir));
  published.renditions.front().codecs = "avc1.4d401e";
  CHECK(published.withSecond(file(100, 0)).empty());
}

TEST_CASE("what does not decode is named by its rendition and segment") {
  using Problems = std::vector<std::string>;
  Published published;
  CHECK(published.withSecond(file(99, 192'000)) ==
        Problems{"rendition 480p: segment 1 has 99 frames that decode, not 100"});
  CHECK(published.withSecond(file(100, 192'000, 2)) ==
        Problems{"rendition 480p: segment 1 has 2 places that do not decode"});
  CHECK(published.withSecond(file(100, 96'000)) ==
        Problems{"rendition 480p: segment 1 has 2000 ms of sound that decodes, not 4000 ms"});
  CHECK(published.withSecond(file(100, 288'000)) ==
        Problems{"rendition 480p: segment 1 has 6000 ms of sound that decodes, not 4000 ms"});
  CHECK(published.withSecond(R"({"frames":0,"samples":0,"errors":0,"refused":"no video"})") ==
        Problems{"rendition 480p: segment 1 cannot be read: no video"});
}

TEST_CASE("a child decodes some segments at once, and it is told how far that is") {
  Published published;
  published.options.at_once = 2;
  published.encoder.answer = [&](std::size_t count) {
    return published.encoder.inputs.size() == 1
               ? R"({"files":[)" + file(100, 192'000) + "," + file(100, 192'000) + "]}"
               : std::string(count == 1 ? R"({"files":[)" + file(25, 48'000) + "]}" : "");
  };
  std::vector<std::int64_t> done;
  const auto on_progress = [&](std::int64_t so_far, std::int64_t all) {
    CHECK(all == 3);
    done.push_back(so_far);
  };
  DecodeCheck check(published.options, published.storage, published.encoder);
  CHECK(check.check(published.renditions, on_progress).empty());
  CHECK(published.encoder.inputs == std::vector<std::size_t>{2, 1});
  CHECK(done == std::vector<std::int64_t>{0, 2});
}

TEST_CASE("a child that does not say what it decoded has failed") {
  Published published;
  for (const char* answer :
       {"", "{", "{}", R"({"files":[]})", R"({"files":[1,2,3]})", R"({"files":[{},{},{}]})"}) {
    INFO(answer);
    try {
      published.check(answer);
      FAIL("it was believed");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Corrupt);
    }
  }
  published.options.has_encoder = false;
  CHECK_THROWS_AS(published.check("{}"), Error);
}
