// Counts the allocations of this thread, for claims that something makes none. Included in one
// source file of a program: it replaces operator new.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <new>

namespace reeld::test {
inline thread_local std::size_t allocations_so_far = 0;

class Allocations {
 public:
  std::size_t count() const { return allocations_so_far - before_; }

 private:
  const std::size_t before_ = allocations_so_far;
};
}  // namespace reeld::test

// Not inlined: a compiler that sees malloc in one place and delete in another warns of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++reeld::test::allocations_so_far;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) {
    return memory;
  }
  throw std::bad_alloc();
}
// This one, too: what a sanitizer brings instead would hand out memory that is not malloc's.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++reeld::test::allocations_so_far;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
