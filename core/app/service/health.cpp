#include "app/service/health.h"

#include "base/error.h"

namespace reeld::app::service {

void Health::add(std::string name, std::function<void()> check,
                 std::chrono::milliseconds remember) {
  const auto telling_nothing = [check = std::move(check)] {
    check();
    return Json();
  };
  addTelling(std::move(name), telling_nothing, remember);
}

void Health::addTelling(std::string name, std::function<Json()> check,
                        std::chrono::milliseconds remember) {
  auto added = std::make_unique<Check>();
  added->name = std::move(name);
  added->run = std::move(check);
  added->remember = remember;
  checks_.push_back(std::move(added));
}

void Health::addMinor(std::string name, std::function<void()> check) {
  add(std::move(name), std::move(check));
  checks_.back()->vital = false;
}

CheckResult Health::ask(Check& check) const {
  const std::lock_guard lock(check.mutex);
  const std::int64_t begin = clock_.monotonicMs();
  if (check.asked && begin - check.asked_ms < check.remember.count()) {
    return check.last;
  }
  CheckResult result;
  result.name = check.name;
  result.vital = check.vital;
  try {
    result.facts = check.run();
    result.ok = true;
  } catch (const Error& error) {
    result.message = error.what();
    // A full disk stops what writes; a balancer that took the daemon away would stop playing too.
    result.vital = result.vital && error.reason() != "storage-full";
  }
  result.took_ms = clock_.monotonicMs() - begin;
  check.asked = true;
  check.asked_ms = begin;
  check.last = result;
  return result;
}

Health::Report Health::ask() {
  Report report;
  for (const auto& check : checks_) {
    report.checks.push_back(ask(*check));
    const CheckResult& result = report.checks.back();
    report.ready = report.ready && (result.ok || !result.vital);
    report.degraded = report.degraded || (!result.ok && !result.vital);
  }
  report.ready = report.ready && !draining_;
  return report;
}

}  // namespace reeld::app::service
