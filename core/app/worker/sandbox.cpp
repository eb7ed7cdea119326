#include "app/worker/sandbox.h"

#include "app/worker/confinement.h"
#include "app/worker/landlock.h"
#include "app/worker/syscall_filter.h"
#include "base/error.h"

#include <sys/prctl.h>

#include <cerrno>
#include <cstring>

namespace reeld::app::worker {

using processing::SandboxMode;

void Sandbox::prepare(long parent) {
  stepBack();
  if (mode_ != SandboxMode::Off) {
    Namespaces namespaces = leaveNamespaces();
    namespaces_ = std::move(namespaces.left);
    if (!namespaces.problem.empty()) {
      refusals_.set("namespaces", std::move(namespaces.problem));
    }
  }
  // After the namespaces: a change of credentials forgets the signal.
  if (!dieWithParent(parent)) {
    throw Error(ErrorCode::Cancelled, "the daemon is gone");
  }
}

void Sandbox::demand(const std::string& layer, const std::string& problem) const {
  if (!problem.empty() && mode_ == SandboxMode::Required) {
    throw Error(ErrorCode::Unsupported, "the encoder's sandbox lacks a layer: " + layer + ": " +
                                            problem +
                                            " (processing.sandbox: off would run without any)");
  }
}

void Sandbox::enter(int output_fd) {
  const std::string limits_problem = setLimits(limits_);
  has_limits_ = limits_problem.empty();
  demand("resource limits", limits_problem);
  if (mode_ == SandboxMode::Off) {
    return;
  }
  // The filters bind the calling thread; one that runs already would stay outside.
  const int threads = threadCount();
  demand("one thread",
         threads > 1 ? "a library of the plugin started threads when it was loaded" : "");
  has_root_ = enterRoot(output_fd);
  noteRefusal("chroot", has_root_, errno);
  has_no_capabilities_ = dropCapabilities();
  noteRefusal("no_capabilities", has_no_capabilities_, errno);
  has_no_new_privileges_ = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  demand("no new privileges", has_no_new_privileges_ ? "" : "the kernel refuses");
  landlock_ = confineToDirectory(output_fd);
  noteRefusal("landlock", landlock_ > 0, errno);
  const std::string filter_problem = installSyscallFilter();
  has_filter_ = filter_problem.empty();
  demand("system call filter", filter_problem);
}

void Sandbox::noteRefusal(const char* layer, bool is_active, int problem) {
  if (!is_active) {
    refusals_.set(layer, std::strerror(problem));
  }
}

Json Sandbox::report() const {
  Json json;
  json.set("limits", has_limits_);
  json.set("no_new_privileges", has_no_new_privileges_);
  json.set("seccomp", has_filter_);
  json.set("landlock", landlock_);
  Json::Array left;
  for (const std::string& name : namespaces_) {
    left.emplace_back(name);
  }
  json.set("namespaces", std::move(left));
  json.set("chroot", has_root_);
  json.set("no_capabilities", has_no_capabilities_);
  return json;
}

}  // namespace reeld::app::worker
