// The ends of a boot: the checkpoints on the way, what an ordered end leaves, and what the last one
// left.
#include "writer.h"

#include <iterator>
#include <utility>

namespace audit_trail {

void Writer::checkpoint() {
  Mark mark{head_.boot, head_.last_seq, head_.last_mac, wallMs(), ""};
  mark.seal = mark.sealedBy(key_, "checkpoint");
  storeCheckpoint(sql_, mark);
  // In the journal it is out of reach of who can write to the database alone.
  host_.info("audit checkpoint", {{"boot", std::to_string(mark.boot)},
                                  {"record", std::to_string(mark.seq)},
                                  {"seal", mark.mac}});
  marked_seq_ = mark.seq;
}

void Writer::storeEnd() {
  Head end = head_;
  end.ended_at = wallMs();
  end.reserved = end.last_seq;
  end.seal = end.sealedBy(key_);
  storeHead(sql_, end);
  head_ = std::move(end);
  if (head_.last_seq > marked_seq_) {
    checkpoint();
  }
}

/// All that is in no batch yet, as events, which go behind the batch in their order.
void Writer::gatherRest() {
  std::vector<Entry> batch = std::exchange(batch_, {});
  std::deque<Entry> rest;
  do {
    gather(true);
    for (Entry& entry : std::exchange(batch_, {})) {
      rest.push_back(std::move(entry));
    }
  } while (ring_.front() != nullptr);
  events_ = std::move(rest);
  batch_ = std::move(batch);
  tail_seq_ = batch_.empty() ? head_.last_seq : batch_.back().seq;
  tail_mac_ = batch_.empty() ? head_.last_mac : batch_.back().mac;
}

/// Whether the next start can store what this one could not.
bool Writer::keepRest() {
  std::vector<Entry> rest = leftovers_;
  rest.insert(rest.end(), batch_.begin(), batch_.end());
  rest.insert(rest.end(), events_.begin(), events_.end());
  try {
    leftover_.keep(std::move(rest));
    return true;
  } catch (const std::exception& error) {
    host_.warning("what the audit trail has not stored yet cannot be put aside",
                  {{"reason", error.what()}});
    return false;
  }
}

void Writer::finish() {
  const std::lock_guard lock(mutex_);
  gatherRest();
  const std::size_t count = leftovers_.size() + batch_.size() + events_.size();
  // Before the try: it may last longer than the daemon has.
  const bool is_kept = count > 0 && keepRest();
  const auto leave = [&](const std::string& why) {
    host_.warning(
        "the end of the audit trail could not be stored; the next start does it",
        {{"reason", why}, {"records", std::to_string(count)}, {"file", leftover_.path()}});
  };
  if (is_kept && !trouble_.empty()) {
    leave(trouble_);  // another try would only take the daemon's time
    return;
  }
  try {
    storeAll(true);
    storeEnd();
  } catch (const std::exception& error) {
    if (!is_kept && count > 0) {
      throw;
    }
    leave(error.what());
    return;
  }
  leftover_.forget();
}

bool Writer::isInPlace(const Entry& entry) const {
  const auto rows = sql_.query(
      "SELECT request_id FROM audit_records WHERE boot = CAST($1 AS BIGINT) AND seq = CAST($2 AS "
      "BIGINT) AND at = CAST($3 AS BIGINT)",
      {std::to_string(entry.boot), std::to_string(entry.seq), std::to_string(entry.at)});
  return !rows.empty() && rows.front().front().value_or("") == entry.request_id;
}

void Writer::readLeftover() {
  try {
    leftovers_ = leftover_.read();
  } catch (const reeld::sdk::Failure& failure) {
    if (failure.status() != REELD_CORRUPT) {
      throw;  // it is there: the next end must not write over it
    }
    host_.error("what the last end of the audit trail left cannot be stored",
                {{"reason", failure.what()}});
  }
}

void Writer::takeUpLeftovers() {
  std::vector<Entry> missing;
  for (const Entry& entry : leftovers_) {
    // It may have been stored after all, though the last end did not live to learn of it.
    if (!isInPlace(entry)) {
      missing.push_back(entry);
    }
  }
  leftovers_.clear();
  has_leftover_ = true;
  if (missing.empty()) {
    return;
  }
  host_.info("the audit trail takes up what its last end could not store",
             {{"records", std::to_string(missing.size())}});
  events_.insert(events_.begin(), std::make_move_iterator(missing.begin()),
                 std::make_move_iterator(missing.end()));
}

}  // namespace audit_trail
