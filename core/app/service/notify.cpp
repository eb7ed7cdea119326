#include "app/service/notify.h"

#include <systemd/sd-daemon.h>

#include <algorithm>

namespace reeld::app::service {

namespace {

/// One line: a status comes from error messages, and a newline would begin another assignment.
std::string oneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return text;
}

}  // namespace

void Notify::ready(const std::string& text) const {
  sd_notify(0, ("READY=1\nSTATUS=" + oneLine(text)).c_str());
}

void Notify::status(const std::string& text) const {
  sd_notify(0, ("STATUS=" + oneLine(text)).c_str());
}

void Notify::extendTimeout(std::chrono::milliseconds time) const {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(micros)).c_str());
}

void Notify::reloading() const {
  // MONOTONIC_USEC: what Type=notify-reload of later systemd versions wants.
  sd_notify(0,
            ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(clock_.monotonicMs() * 1000)).c_str());
}

void Notify::stopping(const std::string& text) const {
  sd_notify(0, ("STOPPING=1\nSTATUS=" + oneLine(text)).c_str());
}

Watchdog::Watchdog(const Clock& clock, const Log& log)
    : Watchdog(clock, log, [] {
        std::uint64_t micros = 0;
        // Answers 0 if WATCHDOG_PID names another process.
        return sd_watchdog_enabled(0, &micros) > 0
                   ? std::chrono::milliseconds(static_cast<std::int64_t>(micros / 1000))
                   : std::chrono::milliseconds(0);
      }()) {}

Watchdog::Watchdog(const Clock& clock, const Log& log, std::chrono::milliseconds interval)
    : clock_(clock), log_(log), interval_(interval), next_ms_(clock.monotonicMs()) {}

void Watchdog::watch(std::string name, std::function<std::uint64_t()> ticks) {
  // Invariant: the first beat compares with a number that cannot have been reached.
  parts_.push_back({std::move(name), std::move(ticks), ~std::uint64_t{0}, false});
}

std::chrono::milliseconds Watchdog::untilNextBeat() const {
  constexpr std::chrono::milliseconds LongTime{60'000};
  if (!enabled()) {
    return LongTime;
  }
  return std::chrono::milliseconds(std::max<std::int64_t>(0, next_ms_ - clock_.monotonicMs()));
}

void Watchdog::beat() {
  if (!enabled() || clock_.monotonicMs() < next_ms_) {
    return;
  }
  next_ms_ = clock_.monotonicMs() + interval_.count() / 2;
  bool all_move = true;
  for (auto& part : parts_) {
    const std::uint64_t now = part.ticks();
    const bool moves = now != part.last;
    part.last = now;
    if (!moves && !part.stuck) {
      log_.error("a part of the daemon stands still; the watchdog is not answered",
                 {{"part", part.name}});
    }
    part.stuck = !moves;
    all_move = all_move && moves;
  }
  if (all_move) {
    sd_notify(0, "WATCHDOG=1");
  }
}

}  // namespace reeld::app::service
