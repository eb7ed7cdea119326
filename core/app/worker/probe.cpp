// The answer goes to a descriptor the plugin does not know: what it prints itself goes to stderr.
#include "app/worker/probe.h"

#include "plugin/probe_answer.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

namespace reeld::app::worker {
namespace {

bool writeAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

int runProbe(const char* path) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int answer_fd = fcntl(1, F_DUPFD_CLOEXEC, 100);
  dup2(2, 1);
  const std::string answer = plugin::answerProbe(path) + "\n";
  const bool sent = writeAll(answer_fd, answer);
  // Not exit(): destructors of a plugin that was only looked at prove nothing and may crash.
  _exit(sent ? 0 : 74);
}

}  // namespace reeld::app::worker
