#include "app/daemon/services.h"

#include "app/daemon/part_options.h"

namespace reeld::app::daemon {

namespace {

users::SignInOptions signInOptions(const config::Settings& settings) {
  users::SignInOptions options;
  options.access_life = std::chrono::minutes(settings.auth.access_minutes);
  return options;
}

processing::RunnerOptions runnerOptions(const config::Settings& settings, const DataFolder& folder,
                                        const Plugins& plugins) {
  processing::RunnerOptions options;
  // Without an encoder nothing is claimed: jobs keep their tries and wait for a daemon with one.
  options.threads = plugins.encoder() ? taskConcurrency(settings) : 0;
  options.node = folder.node();
  options.lease_ms = settings.processing.lease_seconds * 1000;
  return options;
}

upload::UploadOptions uploadOptions(const config::Settings& settings, const DataFolder& folder) {
  upload::UploadOptions options;
  options.spool_folder = folder.subfolder("spool");
  options.node = folder.node();
  options.max_bytes = settings.upload.max_bytes;
  options.quota_bytes = settings.upload.quota_bytes;
  return options;
}

}  // namespace

Services::Services(const config::Settings& settings, Foundation& base, Plugins& plugins)
    : directory(*base.database),
      registration(*base.database, base.clock, plugins.providers()),
      refresh_tokens(base.secret.reveal()),
      sign_in(*base.database, base.clock, base.log, base.tokens, refresh_tokens,
              plugins.providers(), signInOptions(settings)),
      encoder(workerOptions(settings, plugins.encoder().value_or(plugin::WorkerPlugin{}),
                            base.folder.subfolder("work")),
              spawner, base.clock, base.log, base.metrics),
      encode_job({ladderSettings(settings), base.folder.subfolder("work")}, encoder,
                 plugins.storage(), *base.database, base.log),
      runner(runnerOptions(settings, base.folder, plugins), encode_job, *base.database, base.clock,
             base.log, base.metrics),
      encode_queue([this] { runner.wake(); }, static_cast<int>(settings.processing.max_attempts)),
      inspection(*base.database, plugins.storage()),
      catalog(*base.database, base.clock, inspection),
      space([folder = base.folder.subfolder("spool")] { return upload::probeVolume(folder); },
            freeFloor(settings)),
      uploads(
          *base.database, base.clock, base.log, plugins.storage(), space,
          [this](db::Session& session, catalog::VideoId video, catalog::SourceId source) {
            encode_queue.enqueue(session, video, source);
          },
          uploadOptions(settings, base.folder)),
      grants(base.secret.reveal()),
      revocations(*base.database, base.clock, base.log, base.metrics),
      media_index(base.clock),
      views(*base.database, base.log, base.metrics),
      playback(*base.database, base.clock, base.tokens, grants, revocations, media_index, views,
               {}),
      database_(*base.database) {
  // What this daemon has just voided is void for its very next request.
  database_.listen(db::News::Revocation, [this] { revocations.refresh(); });
}

Services::~Services() { database_.listen(db::News::Revocation, {}); }

}  // namespace reeld::app::daemon
