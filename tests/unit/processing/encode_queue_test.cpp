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
