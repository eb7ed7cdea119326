#include "app/daemon/sandbox_check.h"

#include "app/daemon/part_options.h"
#include "base/error.h"

namespace reeld::app::daemon {

namespace {

/// What there is of a layer, "" if nothing.
std::string shown(const Json& layers, const char* layer, const char* words) {
  const Json* state = layers.find(layer);
  if (state == nullptr) {
    return "";
  }
  if (state->isInteger()) {
    return state->integer() > 0 ? words + (" " + std::to_string(state->integer())) : "";
  }
  if (state->isBool()) {
    return state->boolean() ? words : "";
  }
  std::string names;
  for (const Json& name : state->array()) {
    names += (names.empty() ? "" : " ") + name.text();
  }
  return names.empty() ? "" : words + (" (" + names + ")");
}

std::string whyNot(const Json& report) {
  if (const Json* error = report.find("error")) {
    return error->text();
  }
  std::string leaks;
  for (const Json& attempt : report.find("attempts")->array()) {
    if (!attempt.find("ok")->boolean()) {
      leaks += "; " + attempt.find("name")->text() + ": " + attempt.find("result")->text();
    }
  }
  return "the sandbox of encoders does not hold" +
         (leaks.empty() ? "; a forbidden system call does not end the process" : leaks);
}

}  // namespace

Json checkedSandbox(const config::Settings& settings, processing::WorkerProcess& encoder) {
  Json::Object checked = {{"mode", settings.processing.sandbox}};
  if (settings.processing.sandbox != "off") {
    const Json report = encoder.selfTest();
    if (!report.find("ok")->boolean()) {
      throw Error(ErrorCode::Unavailable, whyNot(report));
    }
    for (const char* part : {"layers", "refused"}) {
      checked.emplace_back(part, *report.find(part));
    }
  }
  return checked;
}

Json checkedSandbox(const config::Settings& settings, const Clock& clock, const Log& log,
                    Metrics& metrics) {
  processing::Spawner spawner;
  // The daemon's folder is its own, and TMPDIR that of whoever asks.
  const std::string folder = "/tmp";
  processing::WorkerProcess encoder(workerOptions(settings, {}, folder), spawner, clock, log,
                                    metrics);
  return checkedSandbox(settings, encoder);
}

std::string sandboxSentence(const Json& checked) {
  const Json* layers = checked.find("layers");
  if (layers == nullptr) {
    return "off (processing.sandbox): encoders open foreign files with the rights of the daemon";
  }
  constexpr std::pair<const char*, const char*> Layers[] = {
      {"seccomp", "seccomp"},
      {"no_new_privileges", "no new privileges"},
      {"limits", "limits"},
      {"landlock", "Landlock"},
      {"namespaces", "namespaces"},
      {"chroot", "a root directory of its own"},
      {"no_capabilities", "no capabilities"}};
  const Json& refused = *checked.find("refused");
  std::string active;
  std::string absent;
  for (const auto& [layer, words] : Layers) {
    if (const std::string one = shown(*layers, layer, words); !one.empty()) {
      active += (active.empty() ? "" : ", ") + one;
    }
    if (const Json* reason = refused.find(layer)) {
      absent += (absent.empty() ? "; not to be had: " : ", ") + std::string(words) + " (" +
                reason->text() + ")";
    }
  }
  return active + absent;
}

}  // namespace reeld::app::daemon
