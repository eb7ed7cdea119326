#include "app/daemon/foundation.h"

#include "app/daemon/part_options.h"
#include "db/migrate.h"
#include "users/email_keys.h"

#include <cstdlib>

namespace reeld::app::daemon {

namespace {

constexpr auto MigrationTime = std::chrono::minutes(10);

LogLevel levelOf(const std::string& word) {
  if (word == "error") {
    return LogLevel::Error;
  }
  if (word == "warning") {
    return LogLevel::Warning;
  }
  return word == "debug" ? LogLevel::Debug : LogLevel::Info;
}

LogFormat formatOf(const std::string& word) {
  if (word == "json") {
    return LogFormat::Json;
  }
  const bool under_journal = std::getenv("JOURNAL_STREAM") != nullptr;
  return word == "journal" || (word == "auto" && under_journal) ? LogFormat::Journal
                                                                : LogFormat::Text;
}

std::unique_ptr<db::Database> openDatabase(const config::Settings& settings, Log& log,
                                           Metrics& metrics, const service::Notify& notify) {
  auto database = db::Database::open(databaseOptions(settings), log, metrics);
  notify.extendTimeout(MigrationTime);
  const auto mode =
      settings.database.migrate == "check" ? db::MigrateMode::Check : db::MigrateMode::Auto;
  const auto report = db::migrate(*database, mode, log);
  if (report.from != report.to) {
    log.info("database schema brought up",
             {{"from", report.from}, {"to", report.to}, {"copy", report.copy}});
  }
  users::renewEmailKeys(*database, log);
  return database;
}

}  // namespace

void configureLog(Log& log, const config::LogSettings& settings) {
  log.setLevel(levelOf(settings.level));
  log.setFormat(formatOf(settings.format));
}

Foundation::Foundation(const config::Settings& settings, const Clock& clock_, Log& log_,
                       Metrics& metrics_, const service::Notify& notify, DataFolder folder_,
                       Secret secret_)
    : clock(clock_),
      log(log_),
      metrics(metrics_),
      folder(std::move(folder_)),
      database(openDatabase(settings, log, metrics, notify)),
      outbox(*database, log, metrics),
      secret(std::move(secret_)),
      tokens(secret.reveal()) {}

}  // namespace reeld::app::daemon
