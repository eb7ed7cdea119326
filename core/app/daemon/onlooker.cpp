#include "app/daemon/onlooker.h"

#include "base/owner_name.h"

#include <sys/stat.h>
#include <unistd.h>

namespace reeld::app::daemon {

namespace {

uid_t ownerOf(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 ? facts.st_uid : geteuid();
}

}  // namespace

Onlooker::Onlooker(const std::string& data_dir) : data_dir_(data_dir), daemon_(ownerOf(data_dir)) {}

void Onlooker::judge(const std::function<void(StartFaults&)>& look, StartFaults& faults,
                     std::vector<std::string>& unjudged) const {
  const uid_t me = geteuid();
  if (me == daemon_ || me == 0) {
    look(faults);
    if (me != daemon_ && unjudged.empty()) {
      unjudged.push_back("this is root, and " + data_dir_ + " belongs to " + ownerName(daemon_) +
                         ": whether " + ownerName(daemon_) + " may use each file is seen by " +
                         "runuser -u " + ownerName(daemon_) + " -- reeld --check-config");
    }
    return;
  }
  StartFaults found;
  look(found);
  for (const auto& text : found.texts()) {
    unjudged.push_back("this is " + ownerName(me) + ", and " + data_dir_ + " belongs to " +
                       ownerName(daemon_) + ": " + text);
  }
}

}  // namespace reeld::app::daemon
