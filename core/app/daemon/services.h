// The domain, put together: who may sign in, what videos there are, how files come in, what is made
// of them, and who plays it. Each is a plain class; only here are they told of each other.
#pragma once
#include "analytics/reports.h"
#include "app/commands/setup_secret_file.h"
#include "app/daemon/foundation.h"
#include "app/daemon/plugins.h"
#include "billing/idempotency.h"
#include "billing/ledger_check.h"
#include "billing/orders.h"
#include "billing/payment_hooks.h"
#include "billing/purchased_videos.h"
#include "billing/purchases.h"
#include "billing/reconciliation.h"
#include "billing/refunds.h"
#include "billing/renewals.h"
#include "billing/revenue.h"
#include "billing/settlement.h"
#include "billing/subscribed_videos.h"
#include "billing/subscriptions.h"
#include "catalog/catalog.h"
#include "catalog/rework.h"
#include "engagement/engagement.h"
#include "notify/dispatcher.h"
#include "playback/playable_videos.h"
#include "playback/playback.h"
#include "playback/session_access.h"
#include "processing/alternate_job.h"
#include "processing/clearance.h"
#include "processing/copy_job.h"
#include "processing/decode_check.h"
#include "processing/encode_job.h"
#include "processing/encode_queue.h"
#include "processing/finish_job.h"
#include "processing/job_runner.h"
#include "processing/poster_task.h"
#include "processing/range_job.h"
#include "processing/sound_job.h"
#include "processing/spawner.h"
#include "processing/storyboard_job.h"
#include "processing/subtitle_job.h"
#include "processing/video_inspection.h"
#include "processing/worker_process.h"
#include "upload/posters.h"
#include "upload/source_sweep.h"
#include "upload/uploads.h"
#include "users/activation.h"
#include "users/directory.h"
#include "users/password_reset.h"
#include "users/passwords.h"
#include "users/refresh_token.h"
#include "users/registration.h"
#include "users/reset_requests.h"
#include "users/session_sweep.h"
#include "users/sessions.h"
#include "users/sign_in.h"
#include "users/throttle.h"
#include "users/user_import.h"
#include "users/viewer_cache.h"

namespace reeld::app::daemon {

struct Services {
  Services(const config::Settings& settings, Foundation& foundation, Plugins& plugins);
  ~Services();
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  users::RefreshTokens refresh_tokens;
  users::Sessions sessions;
  users::SessionSweep session_sweep;
  users::ViewerCache viewers;
  users::Throttle throttle;
  users::Directory directory;
  users::Passwords passwords;
  users::Registration registration;
  commands::SetupSecretFile setup_secret;
  users::MailTokens mail_tokens;
  users::Activation activation;
  users::ResetRequests reset_requests;
  users::PasswordReset password_reset;
  users::UserImport user_import;
  users::StandIn stand_in;
  users::SignIn sign_in;
  notify::Dispatcher mail;

  processing::Spawner spawner;
  processing::WorkerProcess encoder;
  processing::Workshop workshop;
  processing::EncodeJob encode_job;
  processing::CopyJob copy_job;
  processing::SoundJob sound_job;
  processing::RangeJob first_job;
  processing::RangeJob range_job;
  processing::SubtitleJob subtitle_job;
  processing::AlternateJob alternate_job;
  processing::FinishJob finish_job;
  processing::StoryboardJob storyboard_job;
  processing::JobRunner runner;
  processing::EncodeQueue encode_queue;

  processing::VideoInspection inspection;
  processing::DecodeCheck decode_check;

  catalog::Catalog catalog;
  catalog::Rework rework;
  upload::Space space;
  upload::Uploads uploads;
  upload::SourceSweep source_sweep;
  processing::PosterTask poster_task;
  upload::Posters posters;
  processing::Purge purge;
  processing::Clearance clearance;

  billing::PaymentProviders payments;
  billing::Settlement settlement;
  billing::Orders orders;
  billing::Idempotency idempotency;
  billing::Purchases purchases;
  billing::Refunds refunds;
  billing::PaymentHooks payment_hooks;
  billing::Reconciliation reconciliation;
  billing::Subscriptions subscriptions;
  billing::Renewals renewals;
  billing::SubscribedVideos subscribed_videos;
  billing::PurchasedVideos purchased_videos;
  billing::LedgerCheck ledger_check;
  billing::Revenue revenue;

  playback::GrantSigner grants;
  playback::Revocations revocations;
  playback::MediaIndex media_index;
  playback::ViewCounter views;
  /// What opens a paid video, in the order it is asked.
  std::vector<playback::EntitlementSource*> entitlements;
  playback::Playback playback;
  playback::SessionAccess session_access;
  playback::PlayableVideos playable_videos;
  engagement::Engagement engagement;
  analytics::Reports reports;

 private:
  db::Database& database_;
};

}  // namespace reeld::app::daemon
