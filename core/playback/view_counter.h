// Counts views, once for each play token, and never in the way of playing. A view is written at
// once; where that fails (the disk is full, the writer is held) it waits in memory, and so do those
// after it until writing works again. What waits is lost if the daemon dies meanwhile: a view is
// worth less than the play it counts.
#pragma once
#include "base/error.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/database.h"
#include "playback/playback_repository.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reeld::playback {

class ViewCounter {
 public:
  static constexpr std::size_t MostWaiting = 10'000;  ///< about 2 MB; beyond it views are lost

  /// Everything outlives this.
  ViewCounter(db::Database& database, const Log& log, Metrics& metrics);
  ~ViewCounter();
  ViewCounter(const ViewCounter&) = delete;
  ViewCounter& operator=(const ViewCounter&) = delete;

  /// From now on a thread writes every second what waits. Once.
  void start();
  /// Tries a last time; what cannot be written is lost.
  void stop();

  /// Any thread that may use the database.
  void count(const View& view) noexcept;
  /// Writes what waits; throws Error if that still fails.
  void flush();

 private:
  void keep(const View& view, const char* why);
  void lose(const View& view, const Error& error);
  std::vector<View> next(std::size_t most) const;
  void write(const std::vector<View>& views);
  void run();

  db::Database& database_;
  const Log& log_;
  Gauge& waiting_views_;
  Counter& lost_views_;
  Guarded<std::map<std::string, View>> waiting_;  ///< by token
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reeld::playback
