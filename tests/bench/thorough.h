// Whether a bench takes tables as large as is promised and as long as it needs: tests/run --all, or
// REELD_TEST_LONG before a bench alone (../README.md).
#pragma once
#include <cstdlib>

namespace reeld::test {

inline bool isThorough() {
  const char* const value = std::getenv("REELD_TEST_LONG");
  return value != nullptr && *value != '\0';
}

}  // namespace reeld::test
