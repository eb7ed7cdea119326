#include "processing/part_repository.h"

namespace reeld::processing {

namespace {

const db::Statement OpenParts{R"(
  SELECT COUNT(*) FROM jobs WHERE encoding_id = $1 AND state IN ('available', 'running'))"};
const db::Statement PartResults{R"(
  SELECT result FROM jobs WHERE encoding_id = $1 AND state = 'completed' AND result IS NOT NULL
  ORDER BY id)"};
const db::Statement DiscardedParts{R"(
  SELECT args, COALESCE(last_error, '') FROM jobs
  WHERE encoding_id = $1 AND kind = $2 AND state = 'discarded' ORDER BY id)"};
const db::Statement CancelWaitingParts{R"(
  UPDATE jobs SET state = 'cancelled', cancel_asked = 1, finished_at = {NOW}
  WHERE encoding_id = $1 AND state = 'available')"};
const db::Statement StopRunningParts{R"(
  UPDATE jobs SET cancel_asked = 1 WHERE encoding_id = $1 AND state = 'running')"};

}  // namespace

std::int64_t countOpenParts(db::Session& session, std::int64_t encoding_id) {
  return session.find(OpenParts, encoding_id)->integer(0);
}

std::vector<std::string> partResults(db::Session& session, std::int64_t encoding_id) {
  std::vector<std::string> results;
  for (const db::Row& row : session.query(PartResults, encoding_id)) {
    results.push_back(row.text(0));
  }
  return results;
}

std::vector<DiscardedPart> discardedParts(db::Session& session, std::int64_t encoding_id,
                                          std::string_view kind) {
  std::vector<DiscardedPart> parts;
  for (const db::Row& row : session.query(DiscardedParts, encoding_id, kind)) {
    parts.push_back({Json::parse(row.text(0)), row.text(1)});
  }
  return parts;
}

void cancelParts(db::Session& session, std::int64_t encoding_id) {
  session.execute(CancelWaitingParts, encoding_id);
  session.execute(StopRunningParts, encoding_id);
}

}  // namespace reeld::processing
