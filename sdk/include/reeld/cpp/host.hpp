// The host as a plugin sees it: who am I, where may I write, and the services log, metrics,
// schedule, sql and secrets. Handles are small and may be copied; they are good until the plugin is
// destroyed.
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/cpp/sql.hpp>

#include <functional>
#include <initializer_list>
#include <memory>

namespace reeld::sdk {

/// A metric that was defined; adding to one that was refused does nothing.
class Metric {
 public:
  Metric() = default;
  /// [hot] Counter: grows. Gauge: changes. Histogram: observes.
  void add(double delta = 1) const noexcept {
    if (table_ != nullptr)
      table_->add(host_, id_, delta);
  }

 private:
  friend class Host;
  Metric(const reeld_host* host, const reeld_host_metrics* table, uint64_t id)
      : host_(host), table_(table), id_(id) {}
  const reeld_host* host_ = nullptr;
  const reeld_host_metrics* table_ = nullptr;
  uint64_t id_ = 0;
};

/// Work at intervals; ends with this object, which waits for a run in progress.
class Task {
 public:
  Task() = default;
  Task(Task&& other) noexcept { *this = std::move(other); }
  Task& operator=(Task&& other) noexcept {
    stop();
    work_ = std::move(other.work_);
    return *this;
  }
  ~Task() { stop(); }
  void stop() noexcept;

 private:
  friend class Host;
  struct Work;
  std::shared_ptr<Work> work_;
};

class Host {
 public:
  explicit Host(const reeld_host* raw)
      : raw_(raw),
        log_(service<reeld_host_log>(REELD_HOST_LOG)),
        metrics_(service<reeld_host_metrics>(REELD_HOST_METRICS)),
        schedule_(service<reeld_host_schedule>(REELD_HOST_SCHEDULE)) {}

  std::string_view instance() const noexcept { return raw_->instance; }
  /// Absolute, private to this instance, kept across upgrades.
  std::string_view dataDir() const noexcept { return raw_->data_dir; }

  using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  void error(std::string_view text, Fields fields = {}) const { write(3, text, fields); }
  void warning(std::string_view text, Fields fields = {}) const { write(4, text, fields); }
  void info(std::string_view text, Fields fields = {}) const { write(6, text, fields); }
  void debug(std::string_view text, Fields fields = {}) const { write(7, text, fields); }

  Metric counter(std::string_view name, std::string_view help) const {
    return define(REELD_COUNTER, name, help);
  }
  Metric gauge(std::string_view name, std::string_view help) const {
    return define(REELD_GAUGE, name, help);
  }
  Metric histogram(std::string_view name, std::string_view help) const {
    return define(REELD_HISTOGRAM, name, help);
  }

  /// Runs body at intervals until the Task is destroyed; what it throws is logged. Keep the Task.
  [[nodiscard]] Task every(int64_t period_ms, std::function<void()> body) const;

  /// Tables of this instance alone; throws UNAVAILABLE if the host has no database for plugins.
  Sql sql() const {
    const auto* table = service<reeld_host_sql>(REELD_HOST_SQL);
    if (table == nullptr)
      throw Failure(REELD_UNAVAILABLE, "the host offers no database");
    return Sql(raw_, table);
  }

  /// The 32 bytes of this instance's key for a purpose ("records"); throws UNAVAILABLE if the host
  /// has no secret to make one of.
  std::string key(std::string_view purpose) const {
    const auto* table = service<reeld_host_secrets>(REELD_HOST_SECRETS);
    if (table == nullptr)
      throw Failure(REELD_UNAVAILABLE, "the host offers no keys");
    std::string bytes;
    const reeld_sink sink{&bytes, [](void* ctx, reeld_bytes key, uint64_t) {
                            static_cast<std::string*>(ctx)->assign(view(key));
                          }};
    reeld_error error{};
    error.struct_size = sizeof error;
    require(table->key(raw_, abi(purpose), &sink, &error), error);
    return bytes;
  }

  /// The table of a service by its id, or nullptr.
  template <class Table>
  const Table* service(const char* id) const {
    return static_cast<const Table*>(raw_->service(raw_, id));
  }
  const reeld_host* raw() const noexcept { return raw_; }

 private:
  void write(int32_t level, std::string_view text, Fields fields) const {
    if (log_ == nullptr || log_->enabled(raw_, level) == 0)
      return;
    reeld_pair pairs[8];
    size_t count = 0;
    for (const auto& [key, value] : fields) {
      if (count < 8)
        pairs[count++] = {abi(key), abi(value)};
    }
    log_->write(raw_, level, abi(text), {pairs, count});
  }
  Metric define(int32_t kind, std::string_view name, std::string_view help) const {
    if (metrics_ == nullptr)
      return {};
    return {raw_, metrics_, metrics_->define(raw_, kind, abi(name), abi(help))};
  }

  const reeld_host* raw_;
  const reeld_host_log* log_;
  const reeld_host_metrics* metrics_;
  const reeld_host_schedule* schedule_;
};

struct Task::Work {
  Host host;
  const reeld_host_schedule* schedule;
  std::function<void()> body;
  uint64_t id = 0;

  static void run(void* ctx) noexcept {
    auto* work = static_cast<Work*>(ctx);
    reeld_error error{};
    const reeld_status status = contain(&error, [&] {
      work->body();
      return REELD_OK;
    });
    if (status != REELD_OK)
      work->host.warning(error.message);
  }
};

inline void Task::stop() noexcept {
  if (work_ != nullptr)
    work_->schedule->stop(work_->host.raw(), work_->id);
  work_.reset();
}

inline Task Host::every(int64_t period_ms, std::function<void()> body) const {
  if (schedule_ == nullptr)
    throw Failure(REELD_UNAVAILABLE, "the host offers no schedule");
  Task task;
  task.work_ = std::make_shared<Task::Work>(Task::Work{*this, schedule_, std::move(body)});
  task.work_->id = schedule_->every(raw_, period_ms, &Task::Work::run, task.work_.get());
  if (task.work_->id == 0) {
    task.work_.reset();
    throw Failure(REELD_INVALID, "the host refuses the period of a scheduled task");
  }
  return task;
}

}  // namespace reeld::sdk
