#include "app/daemon/start_faults.h"

#include "app/cli/exit_code.h"

#include <algorithm>

namespace reeld::app::daemon {

bool StartFaults::attempt(const std::function<void()>& step) {
  try {
    step();
    return true;
  } catch (const Error& error) {
    add(error.code(), error.what());
    return false;
  }
}

void StartFaults::add(ErrorCode code, const std::string& text) { found_.push_back({code, text}); }

void StartFaults::note(const std::string& text) {
  if (!text.empty()) {
    add(ErrorCode::Invalid, text);
  }
}

std::vector<std::string> StartFaults::texts() const {
  std::vector<std::string> texts;
  for (const Fault& fault : found_) {
    texts.push_back(fault.text);
  }
  return texts;
}

void StartFaults::check() const {
  if (found_.empty()) {
    return;
  }
  const auto lasting = std::find_if(found_.begin(), found_.end(), [](const Fault& fault) {
    return cli::startFailure(fault.code) == cli::Config;
  });
  std::string text;
  for (const Fault& fault : found_) {
    text += (text.empty() ? "" : "\n") + fault.text;
  }
  throw Error((lasting == found_.end() ? found_.front() : *lasting).code, text);
}

}  // namespace reeld::app::daemon
