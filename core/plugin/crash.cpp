// Everything below onFault() is async-signal-safe: no allocation, no lock, no stdio.
#include "plugin/crash.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>

namespace reeld::plugin {

namespace {

struct Fault {
  int signal;
  std::string_view name;
};
constexpr std::array Faults = {Fault{SIGSEGV, "SIGSEGV"}, Fault{SIGBUS, "SIGBUS"},
                               Fault{SIGFPE, "SIGFPE"}, Fault{SIGILL, "SIGILL"},
                               Fault{SIGABRT, "SIGABRT"}};
std::array<struct sigaction, Faults.size()> before;

/// A line of text that is cut rather than grown.
class Line {
 public:
  Line& add(std::string_view text) noexcept {
    const std::size_t count = std::min(text.size(), bytes_.size() - size_);
    std::memcpy(bytes_.data() + size_, text.data(), count);
    size_ += count;
    return *this;
  }
  Line& add(long long number) noexcept {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return add({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  void writeTo(int fd) const noexcept {
    // Nothing can be done about a line that is not written: the process is ending.
    if (::write(fd, bytes_.data(), size_) < 0) {
      return;
    }
  }

 private:
  std::array<char, 512> bytes_{};
  std::size_t size_ = 0;
};

void tell(const CrashMark& mark, std::string_view signal) noexcept {
  Line journal;
  journal.add("reeld: plugin \"").add(mark.site->instance).add("\" crashed in ");
  journal.add(mark.function).add(", ").add(signal);
  if (!mark.request.empty()) {
    journal.add(", request ").add(mark.request);
  }
  journal.add("\n").writeTo(STDERR_FILENO);

  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  Line record;
  record.add(static_cast<long long>(now.tv_sec)).add(" ").add(signal).add(" ");
  record.add(mark.function).add("\n");
  const int fd =
      open(mark.site->record.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) {
    record.writeTo(fd);
    close(fd);
  }
}

void onFault(int signal, siginfo_t* info, void*) noexcept {
  const auto found = std::find_if(Faults.begin(), Faults.end(),
                                  [&](const Fault& one) { return one.signal == signal; });
  sigaction(signal, &before[static_cast<std::size_t>(found - Faults.begin())], nullptr);
  const CrashMark mark = crash_mark;
  crash_mark = {};  // told once, even if telling it fails
  if (mark.site != nullptr) {
    tell(mark, found->name);
  }
  // A fault comes again when its instruction does; what somebody sent has to be sent again.
  if (info->si_code <= 0) {
    raise(signal);
  }
}

}  // namespace

void tellCrashes() noexcept {
  struct sigaction action {};
  action.sa_sigaction = &onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (std::size_t i = 0; i < Faults.size(); ++i) {
    sigaction(Faults[i].signal, &action, &before[i]);
  }
}

void tellFullStack() noexcept {
  constexpr std::size_t Size = 16 * 1024;
  alignas(16) static thread_local std::array<char, Size> stack;
  static thread_local bool done = false;
  if (done) {
    return;
  }
  done = true;
  stack_t there{};
  if (sigaltstack(nullptr, &there) == 0 && (there.ss_flags & SS_DISABLE) != 0) {
    stack_t ours{};
    ours.ss_sp = stack.data();
    ours.ss_size = Size;
    sigaltstack(&ours, nullptr);
  }
}

}  // namespace reeld::plugin
