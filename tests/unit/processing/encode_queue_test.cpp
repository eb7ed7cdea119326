// Taking up again what was given up.
#include "processing/encode_queue.h"

#include "studio.h"

using namespace reeld;
using namespace reeld::processing;
using namespace reeld::test;

TEST_CASE("a failed video can be taken up again and reaches READY") {
  for (const auto dialect : engines()) {
    DYNAMIC_SECTION(nameOf(dialect)) {
      Studio studio(dialect);
      const auto id = studio.upload("text");
      studio.runOne();
      studio.storage.put("videos/" + std::to_string(id) + "/sources/x", "video");
      studio.database->transact([&](db::Session& session) { studio.queue.requeue(session, id); });
      CHECK(studio.video(id).state == catalog::VideoState::Processing);
      CHECK_FALSE(studio.video(id).failure);
      studio.runOne();
      CHECK(studio.video(id).state == catalog::VideoState::Ready);
      CHECK(codeOf([&] {
              studio.database->transact(
                  [&](db::Session& session) { studio.queue.requeue(session, id); });
            }) == ErrorCode::Conflict);
    }
  }
}

TEST_CASE("a discarded job is retried with its video") {
  Studio studio(db::Dialect::Sqlite);
  const auto id = studio.upload("text");
  studio.runOne();
  studio.storage.put("videos/" + std::to_string(id) + "/sources/x", "video");
  const JobId job = studio.newestJob(id).id;
  studio.database->transact([&](db::Session& session) { studio.queue.retry(session, job); });
  studio.runOne();
  CHECK(studio.video(id).state == catalog::VideoState::Ready);
  CHECK(codeOf([&] {
          studio.database->transact(
              [&](db::Session& session) { studio.queue.retry(session, job); });
        }) == ErrorCode::Conflict);
}

TEST_CASE(
    "a part that a title does without is not retried: that would make the whole title again") {
  struct Part {
    const char* kind;
    const char* source;
    const char* conduct;
  };
  for (const Part& part : {Part{"encode-alternate", "voices", "refuse-alternate"},
                           Part{"encode-subtitles", "talk 3 11", "good"}}) {
    DYNAMIC_SECTION(part.kind) {
      Studio studio(db::Dialect::Sqlite, part.conduct);
      const auto id = studio.upload(part.source);
      for (int tries = 0; tries < 4 && studio.video(id).state != catalog::VideoState::Ready;
           ++tries) {
        studio.runOne();
      }
      REQUIRE(studio.video(id).state == catalog::VideoState::Ready);
      const JobId job =
          studio.count("SELECT MIN(id) FROM jobs WHERE state = 'discarded' AND kind = '" +
                       std::string(part.kind) + "'");
      std::string refusal;
      try {
        studio.database->transact([&](db::Session& session) { studio.queue.retry(session, job); });
      } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::Conflict);
        refusal = error.what();
      }
      CHECK(refusal == "job " + std::to_string(job) + " (" + part.kind +
                           ") made a part that video 1 does without; to try again, make the whole "
                           "video anew: reeldctl video reprocess 1");
      CHECK_FALSE(studio.video(id).reprocessing);
      CHECK(studio.count("SELECT COUNT(*) FROM jobs WHERE state = 'available' AND kind <> "
                         "'encode-storyboard'") == 0);
    }
  }
}
