// From the ring into the tables: gives each record its number and seal, and stores them in batches
// with the head of the boot. What could not be stored is kept and tried again; so its places in the
// ring stay taken, and the door refuses what it could not record.
#pragma once
#include "leftover.h"
#include "refusals.h"
#include "tables.h"

#include <reeld/cpp/analytics.hpp>
#include <reeld/cpp/host.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>

namespace audit_trail {

std::int64_t wallMs();

class Writer {
 public:
  /// Begins a boot; if the database takes none now (a full disk), the next flush tries again. The
  /// ring and the key outlive it.
  Writer(const reeld::sdk::Host& host, Ring& ring, const MacKey& key, std::string node);

  /// [hot] A request that found no place in the ring.
  void countUnrecorded() noexcept { unrecorded_.fetch_add(1, std::memory_order_relaxed); }

  /// Stores what there is. Again and again, from one thread.
  void flush();
  /// Puts events into the trail and returns when they are stored: all, or throws.
  std::size_t take(const std::vector<reeld::sdk::Event>& events);
  /// The last of it: everything, then the end of the boot; what cannot be stored is left to the
  /// next start. Throws if even that fails.
  void finish();

  /// 0 until it is begun. Any thread.
  std::int64_t boot() const noexcept { return boot_.load(std::memory_order_relaxed); }
  struct State {
    std::int64_t boot;
    std::int64_t stored;  ///< records of this boot
    std::size_t waiting;  ///< that could not be stored yet
    std::string trouble;  ///< why not; "" = none
  };
  State state();

 private:
  using Time = std::chrono::steady_clock::time_point;

  void begin();
  void storeAll(bool all_refusals);
  void gather(bool all_refusals);
  void add(Entry entry);
  void write();
  void writeResolved();
  void storeEnd();
  bool isStored() const;
  void renumber();
  void resolveConflict();
  void beginAnother();
  bool isInTable(const std::string& event_id) const;
  void stored();
  void failed(const std::string& why);
  void checkpoint();
  void gatherRest();
  bool keepRest();
  void readLeftover();
  void takeUpLeftovers();
  bool isInPlace(const Entry& entry) const;
  bool knows(const std::string& event_id) const;

  const reeld::sdk::Host host_;
  const Sql sql_;
  Ring& ring_;
  const MacKey& key_;
  const std::string node_;
  const Leftover leftover_;
  const reeld::sdk::Metric recorded_;
  const reeld::sdk::Metric skipped_;
  std::atomic<std::uint64_t> unrecorded_{0};

  std::mutex mutex_;  ///< of all below
  Head head_;         ///< as stored
  std::int64_t tail_seq_ = 0;
  std::string tail_mac_;
  std::vector<Entry> batch_;  ///< with number and seal, not stored yet
  std::size_t credits_ = 0;   ///< to give back when it is
  Refusals refusals_;
  std::deque<Entry> events_;
  std::vector<Entry> leftovers_;  ///< of the last end; not known yet which of them are stored
  bool has_leftover_ = false;  ///< what was left is among events_ and batch_, or stored; the file
                               ///< goes with the next batch
  bool is_doubtful_ = false;   ///< the last try failed, and may have been stored all the same
  std::chrono::milliseconds pause_{0};
  Time not_before_{};
  std::string trouble_;
  std::int64_t marked_seq_ = 0;  ///< of the last checkpoint
  Time marked_at_{};
  std::atomic<std::int64_t> boot_{0};
};

}  // namespace audit_trail
