#include "processing/running_worker.h"

#include "base/error.h"
#include "processing/worker_order.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace reeld::processing {

namespace {

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

Pipe makePipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    throw systemError("cannot make a pipe for the encoder's process", errno);
  }
  return {FileDescriptor(fds[0]), FileDescriptor(fds[1])};
}

FileDescriptor memoryFile(const std::string& text) {
  FileDescriptor file(memfd_create("order", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file || write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    throw systemError("cannot write the order of the encoder's process", errno);
  }
  return file;
}

constexpr std::size_t MaxComplaints = 8192;

}  // namespace

RunningWorker::RunningWorker(Spawner& spawner, const std::string& worker_path,
                             const std::string& mode, const std::string& order, int output_fd,
                             const std::vector<int>& inputs) {
  Pipe events = makePipe();
  Pipe output = makePipe();
  const FileDescriptor nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const FileDescriptor order_file = memoryFile(order);
  static_assert(WorkerOrder::OrderFd == 3 && WorkerOrder::EventsFd == 4 &&
                WorkerOrder::OutputFd == 5 && WorkerOrder::FirstInputFd == 6);
  std::vector<int> descriptors = {nothing.get(),    output.write.get(), output.write.get(),
                                  order_file.get(), events.write.get(), output_fd};
  descriptors.insert(descriptors.end(), inputs.begin(), inputs.end());
  // One thread per math library: a library that starts threads when it is loaded would escape the
  // filter.
  pid_ = spawner.start(
      {worker_path,
       {mode},
       {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1"},
       std::move(descriptors)});
  events_ = std::move(events.read);
  output_ = std::move(output.read);
  fcntl(events_.get(), F_SETFL, O_NONBLOCK);
  fcntl(output_.get(), F_SETFL, O_NONBLOCK);
}

RunningWorker::~RunningWorker() {
  if (pid_ > 0) {
    kill();
    waitpid(pid_, nullptr, 0);
  }
}

void RunningWorker::listenToComplaints() {
  std::array<char, 4096> buffer;
  ssize_t size = 0;
  while ((size = read(output_.get(), buffer.data(), buffer.size())) > 0) {
    complaints_.append(buffer.data(), static_cast<std::size_t>(size));
    if (complaints_.size() > MaxComplaints) {
      complaints_.erase(0, complaints_.size() - MaxComplaints);
    }
  }
  if (size == 0) {
    output_.reset();
  }
}

bool RunningWorker::listen(int timeout_ms, const std::function<void(std::string_view)>& events) {
  std::array<pollfd, 2> waiting = {{{events_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}}};
  if (poll(waiting.data(), waiting.size(), timeout_ms) <= 0) {
    return true;
  }
  if (waiting[1].revents != 0) {
    listenToComplaints();
  }
  std::array<char, 16384> buffer;
  const ssize_t size = read(events_.get(), buffer.data(), buffer.size());
  if (size > 0) {
    events({buffer.data(), static_cast<std::size_t>(size)});
  }
  return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

void RunningWorker::askToStop() noexcept { ::kill(pid_, SIGTERM); }

void RunningWorker::kill() noexcept {
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

int RunningWorker::reap(std::int64_t grace_ms, const Clock& clock) {
  const std::int64_t deadline = clock.monotonicMs() + grace_ms;
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (clock.monotonicMs() >= deadline) {
      kill();
      waitpid(pid_, &status, 0);
      break;
    }
    const timespec pause{0, 2'000'000};
    nanosleep(&pause, nullptr);
  }
  pid_ = -1;
  if (output_) {
    listenToComplaints();
  }
  return status;
}

}  // namespace reeld::processing
