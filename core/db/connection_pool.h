// Connections of one kind: at most N, each used by one thread at a time, made when first needed.
// Waiting is first come, first served with a deadline; nothing slow happens under the lock.
#pragma once
#include "base/error.h"
#include "base/guarded.h"
#include "base/metrics.h"
#include "db/fifo_slots.h"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace reeld::db {

template <class C>
class ConnectionPool {
 public:
  using Make = std::function<std::unique_ptr<C>()>;
  /// Gives the connection back when it ends.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<C> connection, std::uint64_t generation)
        : pool_(pool), connection_(std::move(connection)), generation_(generation) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool_.giveBack(std::move(connection_), generation_); }
    C& operator*() const noexcept { return *connection_; }
    C* operator->() const noexcept { return connection_.get(); }

   private:
    ConnectionPool& pool_;
    std::unique_ptr<C> connection_;
    std::uint64_t generation_;
  };

  ConnectionPool(int size, std::string what, Make make, Gauge& in_use)
      : slots_(size), what_(std::move(what)), make_(std::move(make)), in_use_(in_use) {}

  /// Throws Error UNAVAILABLE when the deadline passes first, and what making a connection throws.
  std::unique_ptr<Lease> take(Deadline deadline) {
    if (!slots_.acquire(deadline)) {
      throw Error(ErrorCode::Unavailable,
                  "no " + what_ + " became free in time (database.pool, or a slow disk)")
          .retryAfter(1000);
    }
    in_use_.add(1);
    Slot slot(*this);
    Idle idle = idle_.with([](std::vector<Idle>& all) {
      if (all.empty())
        return Idle{};
      Idle last = std::move(all.back());
      all.pop_back();
      return last;
    });
    const std::uint64_t generation = generation_.load();
    if (idle.connection == nullptr) {
      idle.connection = make_();
    } else {
      prepare(idle, generation);
    }
    slot.keep();
    return std::make_unique<Lease>(*this, std::move(idle.connection), generation);
  }

  /// The connections made so far are not to be trusted (the server went away): each is checked or
  /// replaced before it is used again.
  void suspectAll() noexcept { generation_.fetch_add(1); }

 private:
  struct Idle {
    std::unique_ptr<C> connection;
    std::uint64_t generation = 0;
  };
  /// The slot goes back if anything throws before the lease exists.
  class Slot {
   public:
    explicit Slot(ConnectionPool& pool) : pool_(&pool) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (pool_ != nullptr)
        pool_->release();
    }
    void keep() noexcept { pool_ = nullptr; }

   private:
    ConnectionPool* pool_;
  };

  void prepare(Idle& idle, std::uint64_t generation) {
    try {
      idle.connection->prepareForUse(idle.generation != generation);
    } catch (...) {
      // Kept: it can connect again later, and Poco leaks a connection that ends broken.
      putIdle(std::move(idle.connection), idle.generation);
      throw;
    }
  }
  void putIdle(std::unique_ptr<C> connection, std::uint64_t generation) {
    idle_.with([&](std::vector<Idle>& all) { all.push_back({std::move(connection), generation}); });
  }
  void giveBack(std::unique_ptr<C> connection, std::uint64_t generation) {
    putIdle(std::move(connection), generation);
    release();
  }
  void release() noexcept {
    in_use_.add(-1);
    slots_.release();
  }

  FifoSlots slots_;
  std::string what_;
  Make make_;
  Gauge& in_use_;
  std::atomic<std::uint64_t> generation_ = 0;
  Guarded<std::vector<Idle>> idle_;
};

}  // namespace reeld::db
