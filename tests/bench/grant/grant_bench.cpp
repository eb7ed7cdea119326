// What checking a grant costs: CPU per check with revocations in force, and the number of
// allocations, which must be zero. Prints one JSON line; exit status 1 if a check allocates or
// takes over 1.5 us.
#include "fakes/allocations.h"
#include "playback/grant.h"
#include "playback/revocation_table.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>

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
  const test::Allocations allocations;
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
  const std::size_t made = allocations.count();
  std::printf(
      "{\"bench\":\"grant\",\"ns_per_check\":%.0f,\"target_ns\":%.0f,\"allocations\":%zu,"
      "\"verdict\":\"%s\"}\n",
      best, TargetNs, made, best <= TargetNs && made == 0 ? "reached" : "missed");
  return good == 5 * Checks && made == 0 && best <= 1.5 * TargetNs ? 0 : 1;
}
