// Deadlines, connection states, answer heads, the file cache.
#include "base/error.h"
#include "catch.h"
#include "http/engine/address_counts.h"
#include "http/engine/connection.h"
#include "http/engine/counters.h"
#include "http/engine/deadlines.h"
#include "http/engine/status_line.h"
#include "http/file_cache.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

using namespace reeld;
using namespace reeld::http;
using namespace reeld::http::engine;

namespace {
class StoppedClock final : public Clock {
 public:
  EpochMs now() const override { return ms; }
  std::int64_t monotonicMs() const override { return ms; }
  std::int64_t ms = 1000;
};

struct ScratchFile {
  ScratchFile() : path("/tmp/reeld-file-cache-XXXXXX") {
    const int fd = mkstemp(path.data());
    REQUIRE(write(fd, "hello", 5) == 5);
    close(fd);
  }
  ~ScratchFile() { unlink(path.c_str()); }
  int open() const { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }
  std::string path;
};
}  // namespace

TEST_CASE("deadlines fall due in the order in which they were armed") {
  Deadlines deadlines({0, 10, 60, 20, 30, 5});
  DeadlineNode a;
  DeadlineNode b;
  DeadlineNode c;
  deadlines.arm(a, Deadline::Idle, 0);
  deadlines.arm(b, Deadline::Head, 0);
  deadlines.arm(c, Deadline::Idle, 1);
  CHECK(deadlines.wait(0, 1000) == 10);
  CHECK(deadlines.takeDue(9) == nullptr);
  CHECK(deadlines.takeDue(10) == &b);
  CHECK(deadlines.oldest(Deadline::Idle) == &a);
  deadlines.arm(a, Deadline::Idle, 2);
  CHECK(deadlines.oldest(Deadline::Idle) == &c);
  deadlines.arm(c, Deadline::None, 3);
  CHECK(deadlines.takeDue(61) == nullptr);
  CHECK(deadlines.takeDue(62) == &a);
  CHECK(deadlines.wait(62, 1000) == 1000);
  CHECK(deadlines.takeDue(1000000) == nullptr);
}

TEST_CASE("connections move only along their table") {
  CHECK(mayMove(State::Idle, State::Head));
  CHECK(mayMove(State::Receive, State::Waiting));
  CHECK(mayMove(State::Send, State::Linger));
  CHECK(mayMove(State::Waiting, State::Free));
  CHECK_FALSE(mayMove(State::Linger, State::Idle));
  CHECK_FALSE(mayMove(State::Waiting, State::Idle));
  CHECK_FALSE(mayMove(State::Idle, State::Receive));
  CHECK_FALSE(mayMove(State::Head, State::Idle));
}

TEST_CASE("an answer's head is complete") {
  Reply reply;
  reply.status = 404;
  reply.fields = "X: y\r\n";
  reply.body = std::string("four");
  std::string out;
  writeHead(out, reply, "D", true, 1);
  CHECK(out == "HTTP/1.1 404 Not Found\r\nDate: D\r\nX: y\r\nContent-Length: 4\r\n\r\n");
  out.clear();
  reply.status = 204;
  writeHead(out, reply, "D", false, 1);
  CHECK(out == "HTTP/1.1 204 No Content\r\nDate: D\r\nX: y\r\nConnection: close\r\n\r\n");
  CHECK(httpDate(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("the file cache keeps one descriptor and notices what was removed") {
  StoppedClock clock;
  FileCache cache(2, clock);
  const ScratchFile file;
  CHECK(cache.find("k") == nullptr);
  const auto first = cache.load("k", [&] { return file.open(); });
  CHECK(first->size == 5);
  CHECK(first->etag.front() == '"');
  CHECK(cache.load("k", []() -> int { throw std::logic_error("must not open again"); }) == first);
  unlink(file.path.c_str());
  CHECK(cache.find("k") == first);
  clock.ms += 2000;
  CHECK(cache.find("k") == nullptr);
  CHECK(first->fd >= 0);
}

TEST_CASE("the file cache forgets the least recently used") {
  StoppedClock clock;
  FileCache cache(2, clock);
  const ScratchFile file;
  for (const char* key : {"a", "b"}) {
    cache.load(key, [&] { return file.open(); });
  }
  CHECK(cache.find("a"));
  cache.load("c", [&] { return file.open(); });
  CHECK(cache.find("a"));
  CHECK_FALSE(cache.find("b"));
  cache.drop("a");
  CHECK_FALSE(cache.find("a"));
}

TEST_CASE("a folder is no file") {
  CHECK_THROWS_AS(openFileOf(::open("/tmp", O_RDONLY | O_CLOEXEC)), Error);
}

TEST_CASE("the turns of a loop are counted by how long they took") {
  TurnTimes turns;
  for (const std::int64_t microseconds : {0, 1'000, 1'001, 5'000, 7'501, 2'000'000}) {
    turns.count(microseconds);
  }
  std::vector<std::uint64_t> counts;
  for (const Tally& bucket : turns.buckets()) {
    counts.push_back(bucket.value());
  }
  CHECK(counts == std::vector<std::uint64_t>{2, 1, 1, 0, 1, 0, 0, 1});
  CHECK(turns.microseconds() == 2'014'502);
}

TEST_CASE("one address has only so many connections, a /64 counts as one") {
  AddressCounts counts(2);
  const Address one = *Address::parse("2001:db8:1:2::1");
  const Address neighbour = *Address::parse("2001:db8:1:2::2");
  CHECK(counts.enter(one));
  CHECK(counts.enter(neighbour));
  CHECK_FALSE(counts.enter(one));
  CHECK(counts.enter(*Address::parse("2001:db8:1:3::1")));
  counts.leave(neighbour);
  CHECK(counts.enter(one));
}
