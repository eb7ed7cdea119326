// The sandbox from outside: the real child tries what is forbidden and must fail.
#include "base/json.h"
#include "catch.h"

#include <array>
#include <cstdio>
#include <memory>
#include <string>

using reeld::Json;

namespace {
struct Output {
  std::string text;
  int status = 0;
};

Output outputOf(const std::string& command) {
  Output output;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.text.append(buffer.data(), size);
  }
  output.status = pclose(pipe);
  return output;
}
}  // namespace

TEST_CASE("in the sandbox everything forbidden is refused, and the unheard-of ends the child") {
  const Output output = outputOf(REELD_WORKER " --self-test");
  INFO(output.text);
  CHECK(output.status == 0);
  const Json report = Json::parse(output.text);
  CHECK(report.find("ok")->boolean());
  CHECK(report.find("attempts")->array().size() >= 12);
  for (const Json& attempt : report.find("attempts")->array()) {
    INFO(attempt.find("name")->text() << ": " << attempt.find("result")->text());
    CHECK(attempt.find("ok")->boolean());
  }
}

TEST_CASE("the mandatory layers of the sandbox are active") {
  const Json report = Json::parse(outputOf(REELD_WORKER " --self-test").text);
  const Json& layers = *report.find("layers");
  CHECK(layers.find("seccomp")->boolean());
  CHECK(layers.find("no_new_privileges")->boolean());
  CHECK(layers.find("limits")->boolean());
}
