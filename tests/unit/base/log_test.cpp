// Log lines: one write each, one line each whatever is in them, three forms.
#include "base/log.h"

#include "base/json.h"
#include "catch.h"

#include <unistd.h>

#include <array>
#include <string>

using namespace reeld;

namespace {
/// A pipe to log into; text() is what came out.
class Captured {
 public:
  Captured() { REQUIRE(pipe(ends_.data()) == 0); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() {
    close(ends_[0]);
    if (ends_[1] >= 0) {
      close(ends_[1]);
    }
  }
  int fd() const { return ends_[1]; }
  std::string text() {
    close(ends_[1]);
    ends_[1] = -1;
    std::string all;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};
}  // namespace

TEST_CASE("a text line has time, level, sentence and fields") {
  Captured out;
  Log(LogLevel::Info, LogFormat::Text, out.fd()).info("encoded", {{"job", 7}, {"took", "1.5s"}});
  const std::string line = out.text();
  CHECK_THAT(line, EndsWith(" info encoded job=7 took=1.5s\n"));
  CHECK(line.find('Z') == 23);
}

TEST_CASE("a journal line begins with its priority") {
  Captured out;
  Log(LogLevel::Info, LogFormat::Journal, out.fd()).error("cannot open", {{"path", "/x"}});
  CHECK(out.text() == "<3>cannot open path=/x\n");
}

TEST_CASE("control characters never reach the output raw") {
  Captured out;
  const Log log(LogLevel::Info, LogFormat::Journal, out.fd());
  log.info("a\nforged line\x1b[31m",
           {{"name", "b\r\n<3>c"}, {"nul", std::string("x\0y", 3)}, {"del", "\x7f"}});
  CHECK(out.text() == "<6>a\\x0aforged line\\x1b[31m name=b\\x0d\\x0a<3>c nul=x\\x00y del=\\x7f\n");
}

TEST_CASE("a value with spaces, quotes or an equals sign is quoted and cannot end its quotes") {
  Captured out;
  const Log log(LogLevel::Info, LogFormat::Journal, out.fd());
  log.info(
      "t",
      {{"a", "two words"}, {"b", R"(say "x")"}, {"c", "k=v"}, {"d", ""}, {"e", R"(back\slash")"}});
  CHECK(out.text() ==
        "<6>t a=\"two words\" b=\"say \\\"x\\\"\" c=\"k=v\" d=\"\" e=\"back\\\\slash\\\"\"\n");
}

TEST_CASE("a JSON line is one JSON object") {
  Captured out;
  Log(LogLevel::Info, LogFormat::Json, out.fd())
      .warning("odd \"name\"\n", {{"id", 7}, {"t", "\x01"}});
  const std::string line = out.text();
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  const Json json = Json::parse(line);
  CHECK(json.find("level")->text() == "warning");
  CHECK(json.find("message")->text() == "odd \"name\"\n");
  CHECK(json.find("t")->text() == "\x01");
}

TEST_CASE("a level below the threshold writes nothing, and the threshold can move") {
  Captured out;
  Log log(LogLevel::Warning, LogFormat::Journal, out.fd());
  log.info("quiet");
  log.setLevel(LogLevel::Debug);
  log.debug("loud");
  CHECK(out.text() == "<7>loud\n");
}
