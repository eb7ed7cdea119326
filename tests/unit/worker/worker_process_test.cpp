// The daemon's side of a child, against a real reeld-worker in its real sandbox with an encoder
// that behaves as each test asks: whatever it does becomes an Error, and nothing of it is left
// running.
#include "processing/worker_process.h"

#include "base/crypto.h"
#include "base/error.h"
#include "base/file_descriptor.h"
#include "catch.h"
#include "fakes/ts_segment.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace reeld;
using namespace reeld::processing;

namespace {

const bool started = (initCrypto(), true);

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "reeld-worker-XXXXXX").string();
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
};

struct Bench {
  Folder folder;
  SystemClock clock;
  Log log{LogLevel::Error};
  Metrics metrics;
  Spawner spawner;
  WorkerOptions options;
  std::vector<MadeSegment> segments;
  std::vector<std::string> artifacts;
  std::atomic<bool> cancelled{false};
  std::atomic<bool> progressed{false};

  Bench() {
    options.worker_path = REELD_WORKER;
    options.plugin_path = REELD_SCRIPTED_ENCODER;
    options.instance = "scripted";
    options.work_dir = folder.path;
    options.grace_ms = 300;
    options.limits.file_bytes = 8 << 20;
  }

  void run(const std::string& conduct) {
    const std::string output = folder.path + "/out";
    std::filesystem::create_directory(output);
    WorkerProcess worker(options, spawner, clock, log, metrics);
    Task task;
    task.id = "1";
    task.spec = Json::parse(
        R"({"rungs":[{"name":"360p"},{"name":"480p"}],"poster":true,"preset":")" + conduct + "\"}");
    task.output_dir = output;
    const TaskEvents events{
        [&](std::uint32_t) { progressed = true; },
        [&](const MadeSegment& segment) { segments.push_back(segment); },
        [&](const std::string& kind, const std::string&) { artifacts.push_back(kind); }};
    worker.run(task, events, cancelled);
  }

  /// What run() throws: its code and its words.
  std::string failure(const std::string& conduct) {
    try {
      run(conduct);
    } catch (const Error& error) {
      return std::string(word(error.code())) + ": " + error.what();
    }
    return "ok";
  }

  Json probe(const std::string& content) {
    const std::string path = folder.path + "/source";
    std::ofstream(path) << content;
    const FileDescriptor source(open(path.c_str(), O_RDONLY));
    return WorkerProcess(options, spawner, clock, log, metrics).probe(source.get());
  }
};

bool hasChildren() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

}  // namespace

TEST_CASE("a task's segments and artifacts arrive, and its files lie in its folder") {
  Bench bench;
  bench.run("good");
  REQUIRE(bench.segments.size() == 6);
  CHECK(bench.segments[0].path == "360p/segment_000.ts");
  CHECK(bench.segments[5].start_us == 8'000'000);
  CHECK(bench.artifacts == std::vector<std::string>{"poster", "report"});
  CHECK(std::filesystem::file_size(bench.folder.path + "/out/480p/segment_002.ts") ==
        test::tsBytes(100));
  CHECK_FALSE(hasChildren());
}

TEST_CASE("a crash of the encoder is an error that names the signal") {
  Bench bench;
  CHECK(bench.failure("segv") == "corrupt: the encoder crashed (signal 11 SIGSEGV)");
  CHECK(Bench().failure("crash-midway") == "corrupt: the encoder crashed (signal 6 SIGABRT)");
  CHECK(Bench().failure("exit") == "corrupt: the encoder ended without a result (exit status 3)");
  CHECK_FALSE(hasChildren());
}

TEST_CASE("a forbidden system call ends the encoder and is counted") {
  Bench bench;
  CHECK(bench.failure("forbidden") == "corrupt: the encoder crashed (signal 31 SIGSYS)");
  CHECK_THAT(bench.metrics.text(), ContainsSubstring("reeld_encoder_sandbox_violations_total 1"));
}

TEST_CASE("an encoder reaches no network") {
  CHECK(Bench().failure("network") == "invalid: no network");
}

TEST_CASE("a hung encoder is ended") {
  Bench bench;
  bench.options.stall_ms = 200;
  CHECK(bench.failure("hang") == "timeout: the encoder hung: it made no progress and was ended");
  CHECK_FALSE(hasChildren());
}

TEST_CASE("an encoder that takes too long is ended, also if it is deaf to the request") {
  Bench bench;
  bench.options.wall_ms = 200;
  CHECK(bench.failure("deaf") == "timeout: the encoder took longer than it may and was ended");
  CHECK_FALSE(hasChildren());
}

TEST_CASE("a cancelled task stops, by itself or not") {
  for (const char* conduct : {"pause-midway", "deaf"}) {
    Bench bench;
    std::thread canceller([&] {
      while (!bench.progressed) {
        std::this_thread::yield();
      }
      bench.cancelled = true;
    });
    CHECK(bench.failure(conduct) == "cancelled: the encoder was told to stop");
    canceller.join();
  }
  CHECK_FALSE(hasChildren());
}

TEST_CASE("what the encoder says of a bad source is passed on without control characters") {
  CHECK(Bench().failure("invalid") == "invalid: the file holds no picture [31m at all");
}

TEST_CASE("lies of the encoder's process end it") {
  CHECK(Bench().failure("escape") ==
        "corrupt: the encoder's process sent a path that leaves its folder");
  CHECK_THAT(Bench().failure("garbage"),
             StartsWith("corrupt: the encoder's process sent an event"));
  CHECK(Bench().failure("endless") == "corrupt: the encoder's process sent a line without end");
  CHECK_FALSE(hasChildren());
}

TEST_CASE("memory and file sizes are limited") {
  Bench bench;
  bench.options.limits.address_space_bytes = std::uint64_t{512} << 20;
  CHECK_THAT(
      bench.failure("memory"),
      StartsWith("corrupt: the encoder crashed (signal 6 SIGABRT)") || StartsWith("exhausted: "));
  CHECK(Bench().failure("file") == "corrupt: the encoder crashed (signal 25 SIGXFSZ)");
}

TEST_CASE("an exception of whoever listens ends the child") {
  Bench bench;
  const std::string output = bench.folder.path + "/out";
  std::filesystem::create_directory(output);
  WorkerProcess worker(bench.options, bench.spawner, bench.clock, bench.log, bench.metrics);
  const Task task{
      "1", Json::parse(R"({"rungs":[{"name":"360p"}],"preset":"good"})"), {}, output, 0};
  const TaskEvents events{
      nullptr, [](const MadeSegment&) { throw Error(ErrorCode::Exhausted, "full"); }, nullptr};
  CHECK_THROWS_WITH(worker.run(task, events, bench.cancelled), "full");
  CHECK_FALSE(hasChildren());
}

TEST_CASE("a probe answers facts, or why the file is of no use") {
  Bench bench;
  CHECK(bench.probe("video").find("format")->text() == "mov");
  CHECK_THROWS_WITH(bench.probe("text"), "the file is no video: it cannot be recognised");
  CHECK_THROWS_WITH(bench.probe("crash"), "the encoder crashed (signal 6 SIGABRT)");
  CHECK_THROWS_WITH(bench.probe(""), "the file is empty");
}

TEST_CASE("a worker or plugin that is not there is one clear line") {
  Bench bench;
  bench.options.plugin_path = "/nonexistent/encoder.so";
  CHECK_THAT(bench.failure("good"), StartsWith("unsupported: cannot load the encoder plugin: "));
  Bench other;
  other.options.worker_path = "/nonexistent/reeld-worker";
  CHECK(other.failure("good") ==
        "internal: cannot start /nonexistent/reeld-worker: No such file or directory");
  CHECK_FALSE(hasChildren());
}

TEST_CASE("the daemon can ask whether the sandbox holds") {
  Bench bench;
  const Json report =
      WorkerProcess(bench.options, bench.spawner, bench.clock, bench.log, bench.metrics).selfTest();
  CHECK(report.find("ok")->boolean());
  CHECK(report.find("layers")->find("seccomp")->boolean());
}

TEST_CASE("children die with their spawner") {
  auto spawner = std::make_unique<Spawner>();
  const pid_t child = spawner->start({"/bin/sleep", {"600"}, {}, {}});
  spawner.reset();
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
}
