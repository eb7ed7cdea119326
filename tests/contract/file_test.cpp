// The file of every bundled plugin: what it exports, and how it is linked.
#include "held.h"

#include <array>
#include <cstdio>
#include <sstream>

using namespace reeld;
using namespace reeld::test;

namespace {

std::vector<std::string> linesOf(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 1024> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    lines.emplace_back(line.data());
  }
  INFO(command);
  REQUIRE(::pclose(pipe) == 0);
  return lines;
}

std::vector<std::string> exportsOf(const std::string& file) {
  std::vector<std::string> names;
  for (const std::string& line : linesOf("nm -D --defined-only '" + file + "'")) {
    std::istringstream words(line);
    std::string address;
    std::string kind;
    std::string name;
    words >> address >> kind >> name;
    names.push_back(name);
  }
  return names;
}

bool anyLineHas(const std::vector<std::string>& lines, const std::string& what) {
  for (const std::string& line : lines) {
    if (line.find(what) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("every bundled plugin exports one symbol") {
  for (const std::string& name : bundledNames()) {
    CAPTURE(name);
    CHECK(exportsOf(std::string(REELD_PLUGINS) + "/" + name + ".so") ==
          std::vector<std::string>{"reeld_plugin_abi1"});
  }
}

TEST_CASE("a plugin with a second export is noticed") {
  CHECK(exportsOf(std::string(REELD_TINY_PLUGINS) + "/two-exports.so").size() == 2);
}

TEST_CASE("every bundled plugin resolves at load, stays mapped and has no executable stack") {
  for (const std::string& name : bundledNames()) {
    CAPTURE(name);
    const std::string file = std::string(REELD_PLUGINS) + "/" + name + ".so";
    const auto dynamic = linesOf("readelf -dW '" + file + "'");
    CHECK(anyLineHas(dynamic, "NODELETE"));
    CHECK(anyLineHas(dynamic, "NOW"));
    CHECK_FALSE(anyLineHas(dynamic, "TEXTREL"));
    const auto segments = linesOf("readelf -lW '" + file + "'");
    REQUIRE(anyLineHas(segments, "GNU_STACK"));
    for (const std::string& line : segments) {
      if (line.find("GNU_STACK") != std::string::npos) {
        CHECK(line.find("RWE") == std::string::npos);
      }
    }
  }
}
