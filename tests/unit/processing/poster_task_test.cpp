// A poster of a stranger's picture: the task that is asked for, and what its answers mean.
#include "processing/poster_task.h"

#include "base/crypto.h"
#include "base/error.h"
#include "catch.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>

using namespace reeld;
using namespace reeld::processing;

namespace {

/// Does in this process what a test says the child does.
class FakePosterEncoder final : public Encoder {
 public:
  Json probe(int) override { return {}; }
  void run(const Task& task, const TaskEvents& events, const std::atomic<bool>&) override {
    spec = task.spec.dump();
    conduct(task, events);
  }
  void write(const Task& task, const TaskEvents& events, const std::string& bytes) {
    std::ofstream(task.output_dir + "/poster.jpg", std::ios::binary) << bytes;
    events.artifact("poster", "poster.jpg");
  }
  std::function<void(const Task&, const TaskEvents&)> conduct;
  std::string spec;
};

struct Atelier {
  Atelier() {
    initCrypto();
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    options.work_dir = folder;
  }
  ~Atelier() { std::filesystem::remove_all(folder); }
  Atelier(const Atelier&) = delete;
  Atelier& operator=(const Atelier&) = delete;

  /// The size of what was made, or what was wrong.
  std::string make() {
    PosterTask task(options, encoder);
    try {
      std::uint64_t made = 0;
      task.make(0, [&](int, std::uint64_t size) { made = size; });
      return std::to_string(made);
    } catch (const Error& error) {
      return std::string(word(error.code())) + (error.violations().empty() ? "" : " 422") + ": " +
             error.what();
    }
  }
  void answer(const std::string& bytes) {
    encoder.conduct = [this, bytes](const Task& task, const TaskEvents& events) {
      encoder.write(task, events, bytes);
    };
  }
  void fail(const Error& error) {
    encoder.conduct = [error](const Task&, const TaskEvents&) { throw error; };
  }

  std::filesystem::path folder;
  PosterOptions options;
  FakePosterEncoder encoder;
};

}  // namespace

TEST_CASE("a picture becomes a JPEG, and its folder is gone afterwards") {
  Atelier atelier;
  atelier.answer("\xff\xd8\xff and so on");
  CHECK(atelier.make() == "13");
  CHECK(atelier.encoder.spec == R"({"still":{"most_side":1280},"limits":{"max_pixels":36000000}})");
  CHECK(std::filesystem::is_empty(atelier.folder));
}

TEST_CASE("what is wrong with the picture is told to its sender, what is wrong here is not") {
  Atelier atelier;
  atelier.fail(Error(ErrorCode::Invalid, "this is no JPEG, PNG or WebP picture"));
  CHECK(atelier.make() == "invalid 422: this is no JPEG, PNG or WebP picture");
  atelier.fail(Error(ErrorCode::Corrupt, "signal 11").reason("crashed"));
  CHECK(atelier.make() == "invalid 422: this picture cannot be decoded");
  atelier.fail(Error(ErrorCode::Timeout, "it hung").reason("hung"));
  CHECK(atelier.make() == "invalid 422: this picture cannot be decoded");
  atelier.answer("<svg/>");
  CHECK(atelier.make() == "invalid 422: this picture cannot be decoded");
  atelier.encoder.conduct = [](const Task&, const TaskEvents&) {};
  CHECK(atelier.make() == "invalid 422: this picture cannot be decoded");
  atelier.fail(Error(ErrorCode::Internal, "cannot start a process"));
  CHECK(atelier.make() == "internal: cannot start a process");
  atelier.options.has_encoder = false;
  CHECK(atelier.make().starts_with("unsupported: "));
}

TEST_CASE("only so many posters are made at once") {
  Atelier atelier;
  atelier.options.at_once = 1;
  PosterTask task(atelier.options, atelier.encoder);
  std::string second;
  atelier.encoder.conduct = [&](const Task& asked, const TaskEvents& events) {
    try {
      task.make(0, [](int, std::uint64_t) {});
    } catch (const Error& error) {
      second = std::string(word(error.code())) + ", " + error.reason();
    }
    atelier.encoder.write(asked, events, "\xff\xd8\xff");
  };
  task.make(0, [](int, std::uint64_t) {});
  CHECK(second == "unavailable, busy");
  atelier.answer("\xff\xd8\xff");
  task.make(0, [](int, std::uint64_t) {});
}
