#include "app/daemon/part_options.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <thread>

namespace reeld::app::daemon {

namespace {

constexpr const char* PackagedPlugins = "/usr/lib/reeld/plugins";

int cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

std::chrono::milliseconds seconds(std::int64_t count) { return std::chrono::seconds(count); }

}  // namespace

std::string workerPath() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const auto folder = program.parent_path();
  const auto beside = folder / "reeld-worker";
  // Installed, the daemon is in PREFIX/sbin.
  return std::filesystem::exists(beside, failed)
             ? beside.string()
             : (folder.parent_path() / "lib/reeld/reeld-worker").string();
}

db::DatabaseOptions databaseOptions(const config::Settings& settings) {
  db::DatabaseOptions options;
  options.url = settings.database.url;
  options.data_dir = settings.data_dir;
  options.pool = static_cast<int>(settings.database.pool);
  return options;
}

http::engine::Options engineOptions(const config::Settings& settings) {
  const auto& http = settings.http;
  http::engine::Options options;
  options.loops = static_cast<unsigned>(http.threads.value_or(0));
  options.workers = static_cast<unsigned>(http.worker_threads.value_or(std::max(8, 2 * cores())));
  options.max_connections = static_cast<std::size_t>(http.max_connections);
  options.max_per_address = http.max_connections_per_address == 0
                                ? std::numeric_limits<std::size_t>::max()
                                : static_cast<std::size_t>(http.max_connections_per_address);
  options.head_timeout = seconds(http.head_timeout_seconds);
  options.idle_timeout = seconds(http.idle_timeout_seconds);
  options.write_timeout = seconds(http.write_timeout_seconds);
  options.body_min_rate = static_cast<std::size_t>(http.min_body_bytes_per_second);
  options.send_buffer = static_cast<std::size_t>(http.send_buffer_bytes.value_or(0));
  return options;
}

int chargePlaces(const config::Settings& settings) {
  constexpr int Fewest = 2;
  constexpr int Most = 24;
  return std::clamp(static_cast<int>(engineOptions(settings).workers) / 4, Fewest, Most);
}

http::LiveSettings liveSettings(const config::Settings& settings) {
  // The pages that links in mails lead to call the API as well.
  auto origins = settings.http.cors_origins;
  origins.push_back(settings.mail.frontend_url);
  return {std::move(origins), settings.http.trusted_proxies, settings.http.public_url};
}

std::vector<plugin::InstanceSettings> instanceSettings(const config::Settings& settings) {
  std::vector<plugin::InstanceSettings> instances;
  for (const auto& plugin : settings.plugins) {
    instances.push_back({plugin.name, plugin.use, plugin.required, plugin.config, plugin.loose});
  }
  return instances;
}

plugin::RegistryOptions registryOptions(const config::Settings& settings, bool safe_mode) {
  plugin::RegistryOptions options;
  options.instances = instanceSettings(settings);
  options.plugin_dirs =
      safe_mode ? std::vector<std::string>{PackagedPlugins} : settings.plugin_dirs;
  options.worker = workerPath();
  options.data_dir = settings.data_dir;
  options.database = databaseOptions(settings);
  return options;
}

upload::FreeFloor freeFloor(const config::Settings& settings) {
  return {settings.upload.reserve_free.bytes, settings.upload.reserve_free.percent};
}

processing::LadderSettings ladderSettings(const config::Settings& settings) {
  processing::LadderSettings ladder;
  ladder.rungs.assign(settings.processing.ladder.begin(), settings.processing.ladder.end());
  ladder.preset = settings.processing.preset;
  ladder.crf = settings.processing.crf;
  ladder.segment_seconds = static_cast<int>(settings.packaging.segment_seconds);
  ladder.copy = settings.processing.copy == "auto";
  ladder.threads = std::min(cores(), 4);
  ladder.max_pixels = settings.processing.max_pixels;
  ladder.max_duration_ms = settings.processing.max_duration_seconds * 1000;
  return ladder;
}

processing::WorkerOptions workerOptions(const config::Settings& settings,
                                        const plugin::WorkerPlugin& encoder,
                                        const std::string& work_dir) {
  processing::WorkerOptions options;
  options.worker_path = workerPath();
  options.plugin_path = encoder.path;
  options.instance = encoder.instance;
  options.config = encoder.config;
  options.sandbox = processing::parseSandboxMode(settings.processing.sandbox);
  options.work_dir = work_dir;
  return options;
}

int taskConcurrency(const config::Settings& settings) {
  return static_cast<int>(settings.processing.concurrency.value_or(std::max(1, cores() / 2)));
}

}  // namespace reeld::app::daemon
