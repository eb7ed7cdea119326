// From settings to what each part is told: one function per part, so that application.cpp reads as
// a list.
#pragma once
#include "config/settings.h"
#include "db/database.h"
#include "http/engine/options.h"
#include "http/live_settings.h"
#include "plugin/registry.h"
#include "processing/ladder.h"
#include "processing/worker_process.h"
#include "upload/space.h"
#include "upload/uploads.h"

#include <string>
#include <vector>

namespace reeld::app::daemon {

/// reeld-worker beside this program, or where the package puts it.
std::string workerPath();

db::DatabaseOptions databaseOptions(const config::Settings& settings);
http::engine::Options engineOptions(const config::Settings& settings);
/// How many may charge at once: each holds a worker, and the others serve those who do not pay.
int chargePlaces(const config::Settings& settings);
http::LiveSettings liveSettings(const config::Settings& settings);
std::vector<plugin::InstanceSettings> instanceSettings(const config::Settings& settings);
/// `safe_mode` leaves only the folder the package installs bundled plugins in.
plugin::RegistryOptions registryOptions(const config::Settings& settings, bool safe_mode);
upload::FreeFloor freeFloor(const config::Settings& settings);
processing::LadderSettings ladderSettings(const config::Settings& settings);
processing::WorkerOptions workerOptions(const config::Settings& settings,
                                        const plugin::WorkerPlugin& encoder,
                                        const std::string& work_dir);
/// Encoder tasks at once: as configured, or half the cores.
int taskConcurrency(const config::Settings& settings);

}  // namespace reeld::app::daemon
