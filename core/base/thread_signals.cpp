#include "base/thread_signals.h"

#include <pthread.h>

#include <csignal>

namespace reeld {

void blockSignalsOfOthers() noexcept {
  sigset_t others;
  sigfillset(&others);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    sigdelset(&others, fault);
  }
  pthread_sigmask(SIG_SETMASK, &others, nullptr);
}

}  // namespace reeld
