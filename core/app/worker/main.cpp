// reeld-worker: the child process. One mode per run, nothing listens, nothing outlives the parent.
#include "app/worker/job_mode.h"
#include "app/worker/probe.h"
#include "app/worker/self_test.h"

#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--job") == 0) {
    return reeld::app::worker::runJob();
  }
  if (argc == 2 && std::strcmp(argv[1], "--self-test") == 0) {
    return reeld::app::worker::runSelfTest();
  }
  if (argc == 3 && std::strcmp(argv[1], "--probe") == 0) {
    return reeld::app::worker::runProbe(argv[2]);
  }
  std::fprintf(stderr, "usage: reeld-worker --job | --probe PLUGIN | --self-test\n");
  return 2;
}
