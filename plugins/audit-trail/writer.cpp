#include "writer.h"

#include "insertion.h"
#include "site_event.h"

#include <algorithm>
#include <set>

using reeld::sdk::Failure;

namespace audit_trail {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t MostPerWrite = 2000;
constexpr auto FirstPause = 100ms;
constexpr auto LongestPause = 2000ms;
constexpr auto CheckpointEvery = 60s;
constexpr std::int64_t CheckpointRecords = 10'000;

}  // namespace

std::int64_t wallMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Writer::Writer(const reeld::sdk::Host& host, Ring& ring, const MacKey& key, std::string node)
    : host_(host),
      sql_(host.sql()),
      ring_(ring),
      key_(key),
      node_(std::move(node)),
      leftover_(std::string(host.dataDir()), key),
      recorded_(host.counter("recorded_total", "records stored in the trail")),
      skipped_(host.counter("unrecorded_total", "requests that found no place in the ring")),
      marked_at_(std::chrono::steady_clock::now()) {
  readLeftover();
  try {
    begin();
  } catch (const std::exception& error) {
    failed(error.what());
  }
}

void Writer::begin() {
  head_ = beginBoot(sql_, key_, node_, static_cast<std::int64_t>(ring_.capacity()));
  marked_seq_ = 0;
  boot_.store(head_.boot, std::memory_order_relaxed);
  for (const Head& lost : unendedBefore(sql_, node_, head_.boot)) {
    host_.warning("reeld did not end in order: requests may be missing in the audit trail",
                  {{"boot", std::to_string(lost.boot)},
                   {"after_record", std::to_string(lost.last_seq)},
                   {"at_most", std::to_string(lost.reserved - lost.last_seq)},
                   {"left_for_now", std::to_string(leftovers_.size())},
                   {"besides", "refusals of its last minute, reads that found no place"}});
  }
}

void Writer::add(Entry entry) {
  entry.boot = head_.boot;
  entry.seq = ++tail_seq_;
  entry.prev = std::move(tail_mac_);
  entry.mac = entry.sealedBy(key_);
  tail_mac_ = entry.mac;
  batch_.push_back(std::move(entry));
}

void Writer::gather(bool all_refusals) {
  batch_.reserve(MostPerWrite);
  const auto now = std::chrono::steady_clock::now();
  std::size_t counted = 0;
  while (const Record* record = batch_.size() < MostPerWrite ? ring_.front() : nullptr) {
    Entry entry = entryOf(*record);
    const bool failed_sign_in = isFailedSignIn(*record);
    const bool is_limited = record->is_refused && record->status == 429;
    const std::uint64_t kind = record->kind;
    ring_.drop();
    if (is_limited) {
      refusals_.add(std::move(entry), kind, now);
      ++counted;
      continue;
    }
    ++credits_;
    if (failed_sign_in) {
      add(entry);
      entry.action = "LOGIN_FAILED";
    }
    add(std::move(entry));
  }
  ring_.giveBack(counted);
  for (Entry& entry : refusals_.due(now, all_refusals)) {
    add(std::move(entry));
  }
  for (; !events_.empty(); events_.pop_front()) {
    add(std::move(events_.front()));
  }
  if (const auto count = unrecorded_.exchange(0, std::memory_order_relaxed); count > 0) {
    Entry entry;
    entry.at = wallMs();
    entry.action = "UNRECORDED";
    entry.count = static_cast<std::int64_t>(count);
    skipped_.add(static_cast<double>(count));
    add(std::move(entry));
  }
}

bool Writer::isStored() const {
  const auto head = headOf(sql_, head_.boot);
  return head && head->last_seq == batch_.back().seq;
}

// Another daemon may have been offered an event meanwhile and stored it: then all that is behind it
// moves up.
void Writer::renumber() {
  std::vector<Entry> old = std::exchange(batch_, {});
  tail_seq_ = head_.last_seq;
  tail_mac_ = head_.last_mac;
  std::set<std::string> seen;
  for (Entry& entry : old) {
    const bool is_new =
        !entry.event_id || (seen.insert(*entry.event_id).second && !isInTable(*entry.event_id));
    if (is_new) {
      add(std::move(entry));
    }
  }
}

void Writer::resolveConflict() {
  if (!headOf(sql_, head_.boot) || hasEntryAfter(sql_, head_.boot, head_.last_seq)) {
    beginAnother();
  }
  renumber();
}

// Somebody wrote where the next records of this boot belong, or took its head out. Nothing of that
// is put right, so that verify names it; what was let in goes on in a boot of its own.
void Writer::beginAnother() {
  host_.error(
      "somebody wrote into the audit trail; it goes on in another boot -> reeldctl audit verify",
      {{"boot", std::to_string(head_.boot)}, {"after_record", std::to_string(head_.last_seq)}});
  if (headOf(sql_, head_.boot)) {
    storeEnd();
  }
  begin();
  is_doubtful_ = false;
}

bool Writer::isInTable(const std::string& event_id) const {
  return !sql_.query("SELECT seq FROM audit_records WHERE event_id = $1 LIMIT 1", {event_id})
              .empty();
}

void Writer::write() {
  if (batch_.empty()) {
    return;
  }
  Head next = head_;
  next.ended_at.reset();
  next.last_seq = batch_.back().seq;
  next.last_mac = batch_.back().mac;
  next.reserved = next.last_seq + static_cast<std::int64_t>(ring_.capacity());
  next.seal = next.sealedBy(key_);
  if (!is_doubtful_ || !isStored()) {
    sql_.transact([&] {
      insert(host_, batch_);
      storeHead(sql_, next);
    });
  }
  head_ = std::move(next);
}

void Writer::writeResolved() {
  try {
    write();
  } catch (const Failure& failure) {
    if (failure.status() != REELD_CONFLICT) {
      throw;
    }
    resolveConflict();
    write();
  }
}

void Writer::stored() {
  is_doubtful_ = false;
  recorded_.add(static_cast<double>(batch_.size()));
  batch_.clear();
  ring_.giveBack(std::exchange(credits_, 0));
  pause_ = {};
  if (events_.empty() && std::exchange(has_leftover_, false)) {
    leftover_.forget();
  }
  if (!trouble_.empty()) {
    trouble_.clear();
    host_.info("the audit trail is stored again");
  }
}

void Writer::failed(const std::string& why) {
  is_doubtful_ = true;
  if (trouble_.empty()) {
    host_.error("the audit trail cannot be stored; once its ring is full, changes are refused",
                {{"reason", why}});
  }
  trouble_ = why;
  pause_ = pause_.count() == 0 ? FirstPause : std::min(pause_ * 2, LongestPause);
  not_before_ = std::chrono::steady_clock::now() + pause_;
}

void Writer::storeAll(bool all_refusals) {
  try {
    if (head_.boot == 0) {
      begin();
    }
    if (!leftovers_.empty()) {
      takeUpLeftovers();
    }
  } catch (const std::exception& error) {
    failed(error.what());
    throw;
  }
  do {
    if (batch_.empty() && credits_ == 0) {
      gather(all_refusals);
    }
    if (batch_.empty() && credits_ == 0) {
      return;
    }
    try {
      writeResolved();
    } catch (const std::exception& error) {
      failed(error.what());
      throw;
    }
    stored();
  } while (ring_.front() != nullptr || !events_.empty() || (all_refusals && refusals_.size() > 0));
}

void Writer::flush() {
  const std::lock_guard lock(mutex_);
  if (std::chrono::steady_clock::now() < not_before_ && !trouble_.empty()) {
    return;
  }
  try {
    storeAll(false);
  } catch (const std::exception&) {
    return;  // it was told, and is tried again
  }
  const bool is_new = head_.last_seq > marked_seq_;
  if (is_new && (head_.last_seq - marked_seq_ >= CheckpointRecords ||
                 std::chrono::steady_clock::now() - marked_at_ >= CheckpointEvery)) {
    marked_at_ = std::chrono::steady_clock::now();
    checkpoint();
  }
}

bool Writer::knows(const std::string& event_id) const {
  const auto is = [&](const Entry& entry) { return entry.event_id == event_id; };
  return std::any_of(batch_.begin(), batch_.end(), is) ||
         std::any_of(events_.begin(), events_.end(), is) ||
         std::any_of(leftovers_.begin(), leftovers_.end(), is) || isInTable(event_id);
}

std::size_t Writer::take(const std::vector<reeld::sdk::Event>& events) {
  const std::lock_guard lock(mutex_);
  for (const auto& event : events) {
    auto entry = entryOf(event);
    if (entry && !knows(*entry->event_id)) {
      events_.push_back(std::move(*entry));
    }
  }
  if (!batch_.empty() || !events_.empty()) {
    storeAll(false);
  }
  return events.size();
}

Writer::State Writer::state() {
  const std::lock_guard lock(mutex_);
  return {head_.boot, head_.last_seq,
          leftovers_.size() + events_.size() + batch_.size() + refusals_.size() + ring_.capacity() -
              ring_.freePlaces() - credits_,
          trouble_};
}

}  // namespace audit_trail
