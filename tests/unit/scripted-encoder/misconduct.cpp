#include "misconduct.h"

#include "task.h"

#include <reeld/kind/encoder.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

namespace scripted {

reeld_status misbehave(const reeld_call* call, const reeld_job& job, const reeld_job_sink& sink,
                       const std::string& conduct, reeld_error* error) {
  if (conduct == "segv") {
    raise(SIGSEGV);
  } else if (conduct == "forbidden") {
    syscall(SYS_swapoff, "x");
  } else if (conduct == "hang") {
    for (;;) {
      pause();
    }
  } else if (conduct == "deaf") {
    for (;;) {
      sink.progress(sink.ctx, 1);
      usleep(20'000);
    }
  } else if (conduct == "exit") {
    _exit(3);
  } else if (conduct == "escape") {
    const std::string path = "../../etc/passwd";
    sink.artifact(sink.ctx, view(std::string("poster")), view(path));
  } else if (conduct == "garbage") {
    [[maybe_unused]] const auto size = write(4, "}{\n", 3);
  } else if (conduct == "endless") {
    const std::string bytes(1 << 16, 'x');
    while (write(4, bytes.data(), bytes.size()) > 0) {
    }
  } else if (conduct == "memory") {
    std::vector<std::string> hoard;
    for (;;) {
      hoard.emplace_back(std::size_t{64} << 20, 'x');
    }
  } else if (conduct == "file") {
    const int fd = openat(job.output_dir_fd, "large", O_CREAT | O_WRONLY, 0600);
    const std::string bytes(1 << 20, 'x');
    while (write(fd, bytes.data(), bytes.size()) > 0) {
    }
  } else if (conduct == "network") {
    return fail(error, REELD_INVALID,
                socket(AF_INET, SOCK_STREAM, 0) < 0 ? "no network" : "network");
  } else if (conduct == "invalid") {
    return fail(error, REELD_INVALID, "the file holds no picture\x1b[31m at all");
  }
  return reeld_cancelled(call) ? REELD_CANCELLED : REELD_OK;
}

}  // namespace scripted
