// Every bundled plugin is made and destroyed, many times and side by side, and leaves nothing
// behind.
#include "held.h"

using namespace reeld;
using namespace reeld::test;

namespace {

std::size_t entriesOf(const std::string& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    count += entry.exists() ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("every bundled plugin's descriptor is accepted, complete and always the same") {
  for (const std::string& name : bundledNames()) {
    CAPTURE(name);
    const reeld_plugin* raw = opened(name);
    CHECK(raw == opened(name));
    const auto refusal = plugin::refuse(raw);
    CHECK_FALSE(refusal);
    const plugin::Descriptor descriptor = plugin::describe(raw);
    CHECK(descriptor.id == "org.reeld." + name);
    CHECK_FALSE(descriptor.name.empty());
    CHECK_FALSE(descriptor.license.empty());
    CHECK(descriptor.ignored.empty());
  }
}

TEST_CASE("every bundled plugin can be made and destroyed 200 times without a trace") {
  for (const std::string& name : bundledNames()) {
    CAPTURE(name);
    { const Held once(name); }  // what libraries keep for good is made here
    const std::size_t threads = entriesOf("/proc/self/task");
    const std::size_t descriptors = entriesOf("/proc/self/fd");
    for (int i = 0; i < 200; ++i) {
      const Held held(name);
      REQUIRE(held.status == REELD_OK);
    }
    CHECK(entriesOf("/proc/self/task") == threads);
    CHECK(entriesOf("/proc/self/fd") == descriptors);
  }
}

TEST_CASE("two instances of every bundled plugin live side by side") {
  for (const std::string& name : bundledNames()) {
    CAPTURE(name);
    const Held first(name);
    const Held second(name);
    CHECK(first.status == REELD_OK);
    CHECK(second.status == REELD_OK);
    CHECK(first.self != second.self);
  }
}

TEST_CASE("a bundled plugin that can tell its health is well when it is new") {
  for (const std::string& name : bundledNames()) {
    CAPTURE(name);
    Held held(name);
    if (held.raw->health != nullptr) {
      CHECK(held.raw->health(held.self, &held.error) == REELD_OK);
    }
  }
}
