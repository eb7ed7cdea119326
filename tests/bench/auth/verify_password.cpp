// One password against one record with libsodium alone, over and over: the peer of what signing in
// costs. The record is of the daemon that is measured, so the parameters are the same.
// usage: verify-password RECORD PASSWORD COUNT     prints {"cpu_us":…} per verification
#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {
double cpuMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}
}  // namespace

int main(int argc, char** argv) {
  const int count = argc == 4 ? std::atoi(argv[3]) : 0;
  if (count < 1 || sodium_init() < 0) {
    std::fprintf(stderr, "usage: verify-password RECORD PASSWORD COUNT\n");
    return 2;
  }
  const double start = cpuMicroseconds();
  for (int i = 0; i < count; ++i) {
    if (crypto_pwhash_str_verify(argv[1], argv[2], std::strlen(argv[2])) != 0) {
      std::fprintf(stderr, "verify-password: the password does not match the record\n");
      return 1;
    }
  }
  std::printf("{\"cpu_us\":%.1f}\n", (cpuMicroseconds() - start) / count);
  return 0;
}
