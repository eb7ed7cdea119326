// The HTTP server as the application wires it: sites on an engine, with their metrics. Sockets are
// bound in the constructor, so that a taken port is an error of the start.
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/dispatch.h"
#include "http/engine/engine.h"
#include "http/live_settings.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace reeld::http {

class Server {
 public:
  /// Binds every site. Log, metrics and clock outlive the server.
  Server(const engine::Options& options, const LiveSettings& settings, std::vector<Site> sites,
         const Log& log, Metrics& metrics, const Clock& clock);
  ~Server();  ///< ends at once what still runs
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  /// Stops accepting; requests in hand may finish within this time, then they are cut.
  void beginDrain(std::chrono::milliseconds within);
  /// Returns when the drain is over and every thread has ended.
  void join();

  /// The port of a site's first listener (of use with port 0).
  std::uint16_t port(std::string_view site) const;
  /// From now on, for new requests; throws Error and keeps the old settings.
  void reconfigure(const LiveSettings& settings);
  /// The same of a site's interceptors, outermost first; they outlive the server.
  void intercept(std::string_view site, const std::vector<ChainPlace>& ordered);
  /// As Dispatch::chains(); nothing for a site that is not there.
  std::vector<ChainFacts> chains(std::string_view site, std::string_view route) const;

  /// For the watchdog: a number per event loop that grows at least once a second.
  unsigned loopCount() const noexcept { return engine_.loopCount(); }
  std::uint64_t ticks(unsigned loop) const { return engine_.counters(loop).ticks.value(); }
  /// Requests in hand, all loops.
  std::uint64_t inFlight() const;

 private:
  struct Scrape;
  Dispatch* find(std::string_view site) const noexcept;

  const Log& log_;
  // Old settings are kept: a request finishes with those it started with.
  Guarded<std::vector<std::unique_ptr<const Live>>> all_live_;
  std::atomic<const Live*> live_;
  std::vector<std::unique_ptr<Dispatch>> dispatches_;
  std::vector<std::uint16_t> ports_;
  std::shared_ptr<Scrape> scrape_;  ///< outlives the server in the metrics' list, empty then
  engine::Engine engine_;           ///< last: its threads end before anything above goes
};

}  // namespace reeld::http
