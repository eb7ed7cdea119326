// Idempotency-Key: the first answer to a key of a user is the answer to all requests with it, for a
// day. Those that come while it is being worked out wait for it.
#pragma once
#include "base/clock.h"
#include "db/database.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

namespace reeld::billing {

/// Of HTTP, as text.
struct Answer {
  int status = 200;
  std::string body;
};

class Idempotency {
 public:
  static constexpr std::size_t LongestKey = 255;

  /// Database and clock outlive this.
  Idempotency(db::Database& database, const Clock& clock, std::string node)
      : database_(database), clock_(clock), node_(std::move(node)) {}

  /// Runs `work` if nobody has with this key, else returns (or throws) what came of it. `operation`
  /// is the request's method, path and " sha256:" of its body. What `work` throws is an answer too
  /// if a repetition would be refused as well; everything else leaves the key unused. Throws
  /// INVALID (idempotency-key-reused) for a key of another operation, CONFLICT
  /// (idempotency-in-progress) if it takes too long.
  Answer once(std::int64_t user, const std::string& key, const std::string& operation,
              const std::function<Answer()>& work);

 private:
  enum class Place { Ours, Known, Busy };
  struct Found {
    Place place = Place::Busy;
    std::string answer;
  };
  Found enter(std::int64_t user, const std::string& key, const std::string& operation);
  Answer workOut(std::int64_t user, const std::string& key, const std::function<Answer()>& work);
  /// These two change nothing if another daemon has taken the key over: it is for that to answer.
  void keep(std::int64_t user, const std::string& key, const std::string& answer);
  void leave(std::int64_t user, const std::string& key);

  db::Database& database_;
  const Clock& clock_;
  const std::string node_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

void releaseRequestsOf(db::Session& session, const std::string& node);
void forgetOldRequests(db::Session& session, EpochMs now);

}  // namespace reeld::billing
