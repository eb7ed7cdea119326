// The daemon's half of a probe: runs the child and turns every end it can take into a sentence.
#include "plugin/probe.h"

#include "plugin/probe_run.h"

#include <sys/wait.h>

#include <csignal>
#include <cstring>

namespace reeld::plugin {
namespace {

const std::string AskAuthor = "report it to the plugin's author; until then remove the instance";

/// A sanitized plugin needs its runtime first in a process that is not sanitized itself.
std::vector<std::string> sanitizerRuntime() {
#if defined(__SANITIZE_ADDRESS__)
  return {"LD_PRELOAD=libasan.so.8", "ASAN_OPTIONS=detect_leaks=0:handle_segv=0"};
#elif defined(__SANITIZE_THREAD__)
  return {"LD_PRELOAD=libtsan.so.2", "TSAN_OPTIONS=handle_segv=0"};
#else
  return {};
#endif
}

/// The last line a dying process wrote, which is where abort() and the loader say why.
std::string lastLine(std::string text) {
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  const auto begin = text.rfind('\n');
  text = begin == std::string::npos ? text : text.substr(begin + 1);
  for (char& c : text) {
    c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return text.empty() ? text : ": " + text.substr(0, 300);
}

Refusal fate(const ProbeRun& child, std::chrono::milliseconds patience) {
  if (child.timed_out) {
    return {"hangs while it is loaded (no answer after " + std::to_string(patience.count() / 1000) +
                " s)",
            AskAuthor};
  }
  if (WIFSIGNALED(child.wait_status)) {
    const int number = WTERMSIG(child.wait_status);
    const char* name = sigabbrev_np(number);
    return {"crashes while it is loaded (SIG" +
                std::string(name == nullptr ? std::to_string(number) : name) + ")" +
                lastLine(child.complaints),
            AskAuthor};
  }
  return {"ends the process that loads it (exit status " +
              std::to_string(WEXITSTATUS(child.wait_status)) + ")" + lastLine(child.complaints),
          AskAuthor};
}

ProbeResult readAnswer(const Json& answer) {
  if (const Json* refused = answer.find("refused")) {
    const Json* what = refused->find("what");
    const Json* remedy = refused->find("remedy");
    if (what != nullptr && remedy != nullptr) {
      return Refusal{what->text(), remedy->text()};
    }
  }
  if (const Json* plugin = answer.find("plugin")) {
    return descriptorFrom(*plugin);
  }
  throw Error(ErrorCode::Invalid, "an answer that is neither plugin nor refusal");
}

}  // namespace

ProbeResult Prober::probe(const std::string& absolute_path) const {
  const ProbeRun child =
      runProbe({worker_, "--probe", absolute_path}, sanitizerRuntime(), patience_);
  if (child.output.empty() || child.timed_out || !WIFEXITED(child.wait_status) ||
      WEXITSTATUS(child.wait_status) != 0) {
    return fate(child, patience_);
  }
  try {
    return readAnswer(Json::parse(child.output));
  } catch (const Error& fault) {
    throw Error(ErrorCode::Internal, worker_ + " answers a probe with what is no descriptor: " +
                                         fault.what() + "; is it of the same release?");
  }
}

}  // namespace reeld::plugin
