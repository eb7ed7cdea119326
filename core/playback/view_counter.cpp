#include "playback/view_counter.h"

namespace reeld::playback {

namespace {

constexpr auto RetryEvery = std::chrono::seconds(1);
constexpr std::size_t AtOnce = 100;

/// Of what keeps a view from being written, all but these may pass.
bool isForGood(const Error& error) {
  return error.code() == ErrorCode::Conflict || error.code() == ErrorCode::Invalid;
}

}  // namespace

ViewCounter::ViewCounter(db::Database& database, const Log& log, Metrics& metrics)
    : database_(database),
      log_(log),
      waiting_views_(
          metrics.gauge("reeld_playback_views_waiting", "Views that could not be written yet")),
      lost_views_(metrics.counter("reeld_playback_views_lost_total",
                                  "Views that were played and will never be counted")) {}

ViewCounter::~ViewCounter() { stop(); }

void ViewCounter::start() {
  thread_ = std::thread([this] { run(); });
}

void ViewCounter::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      return;
    }
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
  try {
    flush();
  } catch (const std::exception& error) {
    log_.error("views are lost: they could not be written before the end",
               {{"count", waiting_.with([](const auto& views) { return views.size(); })},
                {"error", error.what()}});
  }
}

void ViewCounter::count(const View& view) noexcept {
  // Playing goes on whatever happens here. Views that wait already show that writing fails: those
  // behind them need not find out again.
  try {
    if (!waiting_.with([](const auto& views) { return views.empty(); })) {
      keep(view, "others wait");
      return;
    }
    write({view});
  } catch (const Error& error) {
    if (isForGood(error)) {
      lose(view, error);
    } else {
      keep(view, error.what());
    }
  } catch (const std::exception& error) {
    keep(view, error.what());
  }
}

void ViewCounter::keep(const View& view, const char* why) {
  bool is_first = false;
  bool is_lost = false;
  waiting_.with([&](auto& views) {
    is_first = views.empty();
    is_lost = views.size() >= MostWaiting && !views.contains(view.token_id);
    if (!is_lost) {
      views.emplace(view.token_id, view);
    }
    waiting_views_.set(static_cast<double>(views.size()));
  });
  if (is_first) {
    log_.warning("views cannot be written; they wait in memory", {{"error", why}});
  }
  if (is_lost) {
    lost_views_.add();
  }
}

void ViewCounter::lose(const View& view, const Error& error) {
  lost_views_.add();
  log_.error("a view cannot be counted", {{"video", view.video}, {"error", error.what()}});
}

void ViewCounter::write(const std::vector<View>& views) {
  database_.transact([&](db::Session& session) {
    for (const View& view : views) {
      countView(session, view);
    }
  });
}

std::vector<View> ViewCounter::next(std::size_t most) const {
  return waiting_.with([&](const auto& views) {
    std::vector<View> batch;
    for (auto view = views.begin(); view != views.end() && batch.size() < most; ++view) {
      batch.push_back(view->second);
    }
    return batch;
  });
}

void ViewCounter::flush() {
  std::size_t most = AtOnce;
  std::size_t written = 0;
  for (auto batch = next(most); !batch.empty(); batch = next(most)) {
    try {
      write(batch);
      written += batch.size();
    } catch (const Error& error) {
      if (!isForGood(error)) {
        throw;
      }
      if (batch.size() > 1) {
        most = 1;  // one of them can never be written: the others shall
        continue;
      }
      lose(batch.front(), error);
    }
    waiting_.with([&](auto& views) {
      for (const View& view : batch) {
        views.erase(view.token_id);
      }
      waiting_views_.set(static_cast<double>(views.size()));
    });
  }
  if (written > 0) {
    log_.info("views that waited are counted", {{"count", written}});
  }
}

void ViewCounter::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, RetryEvery, [this] { return stopping_; })) {
    lock.unlock();
    try {
      flush();
    } catch (const std::exception& error) {
      log_.debug("views still wait", {{"error", error.what()}});
    }
    lock.lock();
  }
}

}  // namespace reeld::playback
