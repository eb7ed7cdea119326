#include "app/daemon/services.h"

#include "app/daemon/part_options.h"
#include "notify/mail_queue.h"

namespace reeld::app::daemon {

namespace {

users::SessionOptions sessionOptions(const config::Settings& settings) {
  users::SessionOptions options;
  options.access_life = std::chrono::minutes(settings.auth.access_minutes);
  options.cookie_access_life = std::chrono::minutes(settings.auth.cookie_access_minutes);
  options.idle_life = std::chrono::days(settings.auth.refresh_days);
  options.grant_life = std::chrono::milliseconds(playback::grantExpiry(
                           0, settings.processing.max_duration_seconds * 1000, std::nullopt)) +
                       std::chrono::hours(1);  // clocks differ
  return options;
}

users::ThrottleLimits throttleLimits(const config::Settings& settings) {
  const auto& throttle = settings.auth.throttle;
  return {.account_failures = throttle.account_failures,
          .address_failures = throttle.address_failures,
          .registrations = throttle.registrations};
}

void queueMail(db::Session& session, users::MailPurpose purpose, users::UserId user,
               std::string token_id) {
  notify::enqueueMail(session,
                      {.purpose = purpose, .user_id = user, .token_id = std::move(token_id)});
}

processing::RunnerOptions runnerOptions(const config::Settings& settings, const DataFolder& folder,
                                        const Plugins& plugins, db::Dialect dialect) {
  processing::RunnerOptions options;
  // Without an encoder nothing is claimed: jobs keep their tries and wait for a daemon with one.
  options.threads = plugins.encoder() ? taskConcurrency(settings) : 0;
  options.node = folder.node();
  options.lease_ms = settings.processing.lease_seconds * 1000;
  // A title is in parts for all daemons of a cluster. One that notices late what another enqueued
  // leaves it the work, and its users wait: two looks a second are a thousandth of a processor.
  if (dialect == db::Dialect::Postgres) {
    options.poll_ms = 500;
  }
  // Uploads leave a reserve; half of it is for what becomes of them, half for the database.
  options.has_room = [path = folder.subfolder("work"), floor = freeFloor(settings)] {
    const upload::Volume volume = upload::probeVolume(path);
    return volume.available >= floor.of(volume.size) / 2;
  };
  return options;
}

notify::DispatcherOptions mailOptions(const config::Settings& settings, const DataFolder& folder) {
  const auto& mail = settings.mail;
  notify::DispatcherOptions options;
  options.node = folder.node();
  options.from = {.address = mail.from, .name = mail.from_name};
  options.frontend_url = mail.frontend_url;
  options.retry = {.first = std::chrono::seconds(mail.retry_first_seconds),
                   .longest = std::chrono::seconds(mail.retry_longest_seconds),
                   .give_up = std::chrono::seconds(mail.give_up_seconds)};
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

processing::PosterOptions posterOptions(const config::Settings& settings, const DataFolder& folder,
                                        const Plugins& plugins) {
  processing::PosterOptions options;
  options.work_dir = folder.subfolder("work");
  options.has_encoder = plugins.encoder().has_value();
  options.max_pixels = settings.processing.max_pixels;
  return options;
}

processing::DecodeOptions decodeOptions(const config::Settings& settings, const DataFolder& folder,
                                        const Plugins& plugins) {
  processing::DecodeOptions options;
  options.work_dir = folder.subfolder("work");
  options.has_encoder = plugins.encoder().has_value();
  options.max_pixels = settings.processing.max_pixels;
  options.threads = ladderSettings(settings).threads;
  return options;
}

billing::PurchaseOptions purchaseOptions(const config::Settings& settings,
                                         const DataFolder& folder) {
  return {.currency = settings.money.currency,
          .creator_share_bp = settings.money.creator_share_bp,
          .return_url = settings.mail.frontend_url,
          .node = folder.node()};
}

std::optional<std::chrono::milliseconds> purgeAfter(const config::Settings& settings) {
  const std::int64_t days = settings.catalog.purge_after_days;
  return days == 0 ? std::nullopt
                   : std::optional<std::chrono::milliseconds>(std::chrono::days(days));
}

}  // namespace

Services::Services(const config::Settings& settings, Foundation& base, Plugins& plugins)
    : refresh_tokens(base.secret.reveal()),
      sessions(*base.database, base.clock, base.log, base.tokens, refresh_tokens,
               sessionOptions(settings)),
      session_sweep(*base.database, base.clock, base.log),
      viewers(*base.database, base.clock),
      throttle(base.clock, throttleLimits(settings)),
      directory(*base.database, sessions),
      passwords(*base.database, base.clock, plugins.providers(), sessions, throttle),
      registration(*base.database, base.clock, passwords, throttle),
      setup_secret(settings.data_dir),
      mail_tokens(base.secret.reveal()),
      activation(*base.database, mail_tokens, queueMail),
      reset_requests(*base.database, base.log, mail_tokens, queueMail,
                     {.mails_per_hour = settings.auth.throttle.reset_mails_per_hour}),
      password_reset(*base.database, passwords),
      user_import(*base.database, base.clock, plugins.providers()),
      stand_in(*base.database, base.secret.reveal()),
      sign_in(*base.database, base.clock, base.log, plugins.providers(), sessions, throttle,
              stand_in),
      mail(mailOptions(settings, base.folder), plugins.notifier(), mail_tokens, *base.database,
           base.clock, base.log, base.metrics),
      encoder(workerOptions(settings, plugins.encoder().value_or(plugin::WorkerPlugin{}),
                            base.folder.subfolder("work")),
              spawner, base.clock, base.log, base.metrics),
      workshop{encoder,
               plugins.storage(),
               *base.database,
               base.log,
               base.folder.subfolder("work"),
               ladderSettings(settings).threads,
               [this] { runner.wake(); }},
      encode_job(ladderSettings(settings), workshop),
      copy_job(workshop),
      sound_job(workshop),
      first_job(workshop, processing::RangeJob::Extent::Beginning),
      range_job(workshop),
      subtitle_job(workshop),
      alternate_job(workshop),
      finish_job(workshop),
      storyboard_job(workshop),
      runner(runnerOptions(settings, base.folder, plugins, base.database->dialect()),
             {&encode_job, &copy_job, &sound_job, &first_job, &range_job, &subtitle_job,
              &alternate_job, &finish_job, &storyboard_job},
             *base.database, base.clock, base.log, base.metrics),
      encode_queue([this] { runner.wake(); }, static_cast<int>(settings.processing.max_attempts)),
      inspection(*base.database, plugins.storage()),
      decode_check(decodeOptions(settings, base.folder, plugins), plugins.storage(), encoder),
      catalog(*base.database, base.clock, inspection),
      rework(*base.database,
             {.requeue = [this](db::Session& session,
                                catalog::VideoId video) { encode_queue.requeue(session, video); },
              .reprocess =
                  [this](db::Session& session, catalog::VideoId video) {
                    encode_queue.reprocess(session, video);
                  }}),
      space([folder = base.folder.subfolder("spool")] { return upload::probeVolume(folder); },
            freeFloor(settings)),
      uploads(
          *base.database, base.clock, base.log, plugins.storage(), space,
          [this](db::Session& session, catalog::VideoId video, catalog::SourceId source) {
            encode_queue.enqueue(session, video, source);
          },
          uploadOptions(settings, base.folder)),
      source_sweep(*base.database, plugins.storage(), base.clock, base.log),
      poster_task(posterOptions(settings, base.folder, plugins), encoder),
      posters({.database = *base.database,
               .clock = base.clock,
               .log = base.log,
               .storage = plugins.storage(),
               .maker = poster_task,
               .spool_folder = base.folder.subfolder("spool")}),
      purge(*base.database, plugins.storage(), base.log),
      clearance(*base.database, plugins.storage(), base.clock, base.log, purgeAfter(settings)),
      payments(plugins.payments(settings)),
      settlement(sessionOptions(settings).grant_life, base.log),
      orders(*base.database),
      idempotency(*base.database, base.clock, base.folder.node()),
      purchases(*base.database, base.clock, payments, settlement,
                purchaseOptions(settings, base.folder)),
      refunds(*base.database, base.clock, base.log, payments, settlement),
      payment_hooks(*base.database, base.clock, payments, settlement),
      reconciliation({.database = *base.database,
                      .clock = base.clock,
                      .log = base.log,
                      .providers = payments,
                      .settlement = settlement,
                      .refunds = refunds,
                      .node = base.folder.node()}),
      subscriptions(*base.database, base.clock, plugins.plans(), settlement, purchases),
      renewals(*base.database, base.clock, base.log, settlement, purchases),
      subscribed_videos(base.clock),
      ledger_check(*base.database, base.clock, base.log, base.metrics),
      revenue(*base.database, settings.money.currency),
      grants(base.secret.reveal()),
      revocations(*base.database, base.clock, base.log, base.metrics),
      media_index(base.clock),
      views(*base.database, base.log, base.metrics),
      entitlements{&subscribed_videos, &purchased_videos},
      playback(*base.database, base.clock, base.tokens, grants, revocations, media_index, views,
               entitlements),
      session_access(*base.database, base.clock, revocations, entitlements),
      playable_videos(*base.database, entitlements),
      engagement(*base.database, base.clock, entitlements),
      reports(*base.database, base.outbox, base.clock, plugins.reports()),
      database_(*base.database) {
  sign_in.countIn(base.metrics);
  // What this daemon has just voided is void for its very next request.
  database_.listen(db::News::Revocation, [this] { revocations.refresh(); });
  database_.listen(db::News::Access, [this] { viewers.forget(); });
}

Services::~Services() {
  database_.listen(db::News::Revocation, {});
  database_.listen(db::News::Access, {});
}

}  // namespace reeld::app::daemon
