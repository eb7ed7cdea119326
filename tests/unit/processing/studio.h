// A site that encodes: a real database, storage in a folder, and the real child in its real sandbox
// with a plugin whose conduct the test chooses.
#pragma once
#include "base/crypto.h"
#include "catalog/video_progress.h"
#include "catalog/video_repository.h"
#include "fakes/folder_storage.h"
#include "processing/alternate_job.h"
#include "processing/copy_job.h"
#include "processing/encode_job.h"
#include "processing/encode_queue.h"
#include "processing/finish_job.h"
#include "processing/job_repository.h"
#include "processing/job_runner.h"
#include "processing/range_job.h"
#include "processing/sound_job.h"
#include "processing/storyboard_job.h"
#include "processing/subtitle_job.h"
#include "processing/worker_process.h"
#include "unit/users/site.h"

#include <atomic>
#include <thread>

namespace reeld::test {

struct Studio : Site {
  explicit Studio(db::Dialect dialect, const std::string& conduct = "good")
      : Site(dialect),
        storage(sandbox.folder() / "media"),
        work_dir((sandbox.folder() / "jobs").string()) {
    std::filesystem::create_directories(work_dir);
    ladder.preset = conduct;
    worker_options.worker_path = REELD_WORKER;
    worker_options.plugin_path = REELD_SCRIPTED_ENCODER;
    worker_options.instance = "scripted";
    worker_options.work_dir = work_dir;
    worker_options.stall_ms = 2000;
    worker_options.grace_ms = 300;
    runner_options.node = "here";
    owner = add("owner@example.org", users::Role::Creator);
  }

  /// A video whose upload has just ended.
  catalog::VideoId upload(const std::string& content = "video") {
    catalog::VideoDraft draft;
    draft.title = "film";
    return database->transact([&](db::Session& session) {
      const catalog::VideoId id = catalog::insertVideo(session, owner, draft, session.now());
      catalog::Source source;
      source.video_id = id;
      source.storage_key = "videos/" + std::to_string(id) + "/sources/x";
      source.sha256 = "00";
      source.size_bytes = static_cast<std::int64_t>(content.size());
      source.created_at = session.now();
      storage.put(source.storage_key, content);
      queue.enqueue(session, id, catalog::insertSource(session, source));
      catalog::startProcessing(session, id, session.now());
      return id;
    });
  }

  void make() {
    if (!runner) {
      worker = std::make_unique<processing::WorkerProcess>(worker_options, spawner, system_clock,
                                                           sandbox.log, sandbox.metrics);
      shop = std::make_unique<processing::Workshop>(processing::Workshop{
          *worker, storage, *database, sandbox.log, work_dir, 1, [this] { wake(); }});
      encode = std::make_unique<processing::EncodeJob>(ladder, *shop);
      copy = std::make_unique<processing::CopyJob>(*shop);
      sound = std::make_unique<processing::SoundJob>(*shop);
      first =
          std::make_unique<processing::RangeJob>(*shop, processing::RangeJob::Extent::Beginning);
      range = std::make_unique<processing::RangeJob>(*shop);
      subtitles = std::make_unique<processing::SubtitleJob>(*shop);
      alternate = std::make_unique<processing::AlternateJob>(*shop);
      finish = std::make_unique<processing::FinishJob>(*shop);
      storyboard = std::make_unique<processing::StoryboardJob>(*shop);
      std::vector<processing::JobHandler*> handlers{encode.get(),    copy.get(),  sound.get(),
                                                    first.get(),     range.get(), subtitles.get(),
                                                    alternate.get(), finish.get()};
      if (makes_storyboards) {
        handlers.push_back(storyboard.get());
      }
      runner = std::make_unique<processing::JobRunner>(runner_options, handlers, *database,
                                                       system_clock, sandbox.log, sandbox.metrics);
    }
  }
  /// As far as the work gets without waiting: to READY, or to a try that comes later.
  void runOne() {
    make();
    run("UPDATE jobs SET run_at = 0 WHERE state = 'available'");
    CHECK(runner->runOne());
    while (runner->runOne()) {
    }
  }
  void wake() {
    ++wakes;
    if (runner) {
      runner->wake();
    }
  }
  catalog::Video video(catalog::VideoId id) {
    return *database->read([&](db::Session& session) { return catalog::findVideo(session, id); });
  }
  processing::Job newestJob(catalog::VideoId id) {
    return *database->read(
        [&](db::Session& session) { return processing::newestJobOf(session, id); });
  }
  std::vector<std::string> encodedKeys() {
    auto keys = storage.keys();
    std::erase_if(
        keys, [](const std::string& key) { return key.find("/encodings/") == std::string::npos; });
    return keys;
  }

  SystemClock system_clock;
  FolderStorage storage;
  std::string work_dir;
  processing::LadderSettings ladder;
  processing::WorkerOptions worker_options;
  processing::RunnerOptions runner_options;
  processing::EncodeQueue queue{[this] { wake(); }, 5};
  std::atomic<int> wakes{0};
  users::UserId owner = 0;
  processing::Spawner spawner;
  std::unique_ptr<processing::WorkerProcess> worker;
  std::unique_ptr<processing::Workshop> shop;
  std::unique_ptr<processing::EncodeJob> encode;
  std::unique_ptr<processing::CopyJob> copy;
  std::unique_ptr<processing::SoundJob> sound;
  std::unique_ptr<processing::RangeJob> first;
  std::unique_ptr<processing::RangeJob> range;
  std::unique_ptr<processing::SubtitleJob> subtitles;
  std::unique_ptr<processing::AlternateJob> alternate;
  std::unique_ptr<processing::FinishJob> finish;
  std::unique_ptr<processing::StoryboardJob> storyboard;
  bool makes_storyboards = false;  ///< else they wait, and READY is the end
  std::unique_ptr<processing::JobRunner> runner;
};

/// Waits for something another thread does.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace reeld::test
