#include "app/worker/landlock.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace reeld::app::worker {

namespace {

// Numbers instead of <linux/landlock.h>: Debian 12's header ends before revision 3. The system
// calls have the same numbers on every architecture.
constexpr long CreateRuleset = 444;
constexpr long AddRule = 445;
constexpr long RestrictSelf = 446;
constexpr unsigned VersionFlag = 1;
constexpr int PathBeneath = 1;

constexpr std::uint64_t Execute = 1 << 0;
constexpr std::uint64_t WriteFile = 1 << 1;
constexpr std::uint64_t ReadFile = 1 << 2;
constexpr std::uint64_t ReadDir = 1 << 3;
constexpr std::uint64_t RemoveDir = 1 << 4;
constexpr std::uint64_t RemoveFile = 1 << 5;
constexpr std::uint64_t MakeDir = 1 << 7;
constexpr std::uint64_t MakeRegular = 1 << 8;
constexpr std::uint64_t Refer = 1 << 13;        // revision 2
constexpr std::uint64_t Truncate = 1 << 14;     // revision 3
constexpr std::uint64_t IoctlDevice = 1 << 15;  // revision 5
constexpr std::uint64_t FirstRights = (1 << 13) - 1;
constexpr std::uint64_t Network = 3;  // revision 4: bind and connect of TCP
constexpr std::uint64_t Scopes = 3;   // revision 6: abstract sockets, signals

struct RulesetAttributes {
  std::uint64_t handled_files;
  std::uint64_t handled_network;
  std::uint64_t scoped;
};
struct __attribute__((packed)) PathBeneathAttributes {
  std::uint64_t allowed;
  std::int32_t parent_fd;
};

std::uint64_t rightsOf(long abi) {
  return FirstRights | (abi >= 2 ? Refer : 0) | (abi >= 3 ? Truncate : 0) |
         (abi >= 5 ? IoctlDevice : 0);
}

}  // namespace

int confineToDirectory(int directory_fd) {
  const long abi = syscall(CreateRuleset, nullptr, 0, VersionFlag);
  if (abi < 1) {
    return 0;
  }
  const std::uint64_t rights = rightsOf(abi);
  // Fields the kernel does not know yet stay zero, which it accepts whatever its revision.
  const RulesetAttributes attributes{rights, abi >= 4 ? Network : 0, abi >= 6 ? Scopes : 0};
  const int ruleset = static_cast<int>(syscall(CreateRuleset, &attributes, sizeof attributes, 0U));
  if (ruleset < 0) {
    return 0;
  }
  const PathBeneathAttributes below{
      rights & (WriteFile | ReadFile | ReadDir | RemoveDir | RemoveFile | MakeDir | MakeRegular |
                Refer | Truncate),
      directory_fd};
  static_assert((FirstRights & Execute) != 0);  // handled, and allowed nowhere
  const bool confined = syscall(AddRule, ruleset, PathBeneath, &below, 0U) == 0 &&
                        syscall(RestrictSelf, ruleset, 0U) == 0;
  close(ruleset);
  return confined ? static_cast<int>(abi) : 0;
}

}  // namespace reeld::app::worker
