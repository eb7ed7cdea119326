// What checking a grant costs: CPU per check with revocations in force, and the number of
// allocations, which must be zero. Prints one JSON line; exit status 1 if a check allocates or
// takes over 1.5 us.
#include "playback/grant.h"
#include "playback/revocation_table.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>

namespace {
std::atomic<long> allocations{0};
}

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace reeld;
using namespace reeld::playback;

double cpuNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

}  // namespace

int main() {
  initCrypto();
  constexpr int Checks = 300'000;
  constexpr double TargetNs = 1000;
  const GrantSigner signer(std::string(32, 'a'), std::string(32, 'b'));
  RevocationTable revocations;
  RevocationMap map;
  for (int i = 0; i < 10'000; ++i) {
    map[{i + 1000, 0, 0}] = {1, 2'000'000};
  }
  revocations.replace(std::move(map));
  const std::string text =
      signer.sign({7, 17, 3, sessionFingerprint("session"), 1'000'000, 2'000'000});
  double best = 1e18;
  int good = 0;
  const long allocations_before = allocations;
  for (int round = 0; round < 5; ++round) {
    const double start = cpuNanoseconds();
    for (int i = 0; i < Checks; ++i) {
      Grant grant;
      const bool ok = signer.check(text, 7, 1'500'000, grant) == GrantVerdict::Ok &&
                      !revocations.isRevoked(grant);
      good += ok ? 1 : 0;
    }
    best = std::min(best, (cpuNanoseconds() - start) / Checks);
  }
  const long made = allocations - allocations_before;
  std::printf(
      "{\"bench\":\"grant\",\"ns_per_check\":%.0f,\"target_ns\":%.0f,\"allocations\":%ld,"
      "\"verdict\":\"%s\"}\n",
      best, TargetNs, made, best <= TargetNs && made == 0 ? "reached" : "missed");
  return good == 5 * Checks && made == 0 && best <= 1.5 * TargetNs ? 0 : 1;
}
