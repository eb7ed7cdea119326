// The way of every request of a site, in order: route, credential, interceptors, lane, access,
// handler, answer, completion. dispatch.cpp holds THE catch block: whatever a handler throws ends
// there as a problem document.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "http/chain_set.h"
#include "http/engine/call.h"
#include "http/live_exchange.h"
#include "http/live_settings.h"
#include "http/request_id.h"
#include "http/route.h"
#include "http/router.h"
#include "http/traffic.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace reeld::http {

/// Fills Exchange::caller() from the credential alone: on the loop, CPU only.
using Identify = std::function<void(Exchange&)>;
/// Whether the caller may use the route: in the lane, before the handler; throws Error to refuse.
using Guard = std::function<void(Exchange&, const Route&)>;

/// A set of routes behind one or more listeners.
struct Site {
  std::string name;                 ///< "main", "admin"
  std::vector<std::string> listen;  ///< "127.0.0.1:8470"
  std::vector<int>
      sockets;  ///< bound already, from systemd; used instead of `listen` if there are any
  Routes routes;
  std::vector<ChainPlace> interceptors;  ///< at the start, outermost first; they outlive the server
  Identify identify;                     ///< optional
  Guard guard;                           ///< needed as soon as a route is not Public
};

class Dispatch final : public engine::Application {
 public:
  Dispatch(Site site, const std::atomic<const Live*>& live, unsigned loops, const Log& log,
           const Clock& clock);
  ~Dispatch() override;

  std::unique_ptr<engine::Call> newCall() override;
  bool isCapped(const engine::Address& address) const noexcept override;

  const Site& site() const noexcept { return site_; }
  /// From now on, for new requests. Throws Error INVALID and keeps the old ones.
  void intercept(const std::vector<ChainPlace>& ordered);
  /// The chains in force. With `route`, a pattern or the path of a request, those of it alone.
  std::vector<ChainFacts> chains(std::string_view route) const;
  const Traffic& traffic(unsigned loop) const { return *loops_[loop]->traffic; }
  /// One name per row of Traffic: the routes, then "unmatched" and "malformed".
  std::vector<TrafficReport::RouteName> trafficNames() const;
  std::uint64_t uploadBytes() const noexcept {
    return upload_bytes_.load(std::memory_order_relaxed);
  }

  // The steps of one exchange, called by LiveExchange.
  engine::Step head(LiveExchange& exchange) noexcept;
  engine::Step body(LiveExchange& exchange) noexcept;
  engine::Step run(LiveExchange& exchange) noexcept;
  bool openUpload(LiveExchange& exchange) noexcept;
  bool writeUpload(LiveExchange& exchange, std::span<const char> piece) noexcept;
  void finishUpload(LiveExchange& exchange) noexcept;
  bool nextPiece(LiveExchange& exchange) noexcept;
  void refuse(LiveExchange& exchange, const engine::Refusal& refusal) noexcept;
  void completed(LiveExchange& exchange, engine::Outcome outcome) noexcept;

 private:
  struct PerLoop {
    RequestIds ids;
    std::unique_ptr<Traffic> traffic;
  };

  void begin(LiveExchange& exchange);
  engine::Step admit(LiveExchange& exchange);
  Response routeless(LiveExchange& exchange) const;
  template <class Work>
  Response contained(LiveExchange& exchange, Work&& work) noexcept;
  void seal(LiveExchange& exchange, Response response) noexcept;
  engine::Step answer(LiveExchange& exchange, Response response) noexcept;
  void writeAccessLog(const LiveExchange& exchange, engine::Outcome outcome,
                      std::int64_t microseconds) const;

  const Site site_;
  const Router router_;
  // Old chains are kept: a request finishes with those it started with.
  Guarded<std::vector<std::unique_ptr<const ChainSet>>> all_chains_;
  std::atomic<const ChainSet*> chains_{nullptr};
  const std::atomic<const Live*>& live_;
  const Log& log_;
  const Clock& clock_;
  std::vector<std::unique_ptr<PerLoop>> loops_;
  std::atomic<std::uint64_t> upload_bytes_{0};
};

}  // namespace reeld::http
