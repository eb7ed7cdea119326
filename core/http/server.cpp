#include "http/server.h"

#include "base/error.h"
#include "http/engine_report.h"

#include <algorithm>

namespace reeld::http {

/// What is published at each scrape. Scrapes may overlap, and one may come after the server is
/// gone.
struct Server::Scrape {
  struct Parts {
    EngineReport engine;
    std::vector<std::pair<const Dispatch*, TrafficReport>> sites;
    unsigned loops;
  };
  Guarded<std::unique_ptr<Parts>> parts;

  void run() {
    parts.with([](std::unique_ptr<Parts>& all) {
      if (!all) {
        return;
      }
      all->engine.publish();
      std::uint64_t uploaded = 0;
      for (auto& [dispatch, report] : all->sites) {
        std::vector<const Traffic*> loops;
        for (unsigned i = 0; i < all->loops; ++i) {
          loops.push_back(&dispatch->traffic(i));
        }
        report.publish(loops);
        uploaded += dispatch->uploadBytes();
      }
      all->engine.total("reeld_upload_bytes_total", "Bytes of uploads that were written.", {},
                        uploaded);
    });
  }
};

Server::Server(const engine::Options& options, const LiveSettings& settings,
               std::vector<Site> sites, const Log& log, Metrics& metrics, const Clock& clock)
    : log_(log), scrape_(std::make_shared<Scrape>()), engine_(options, clock) {
  reconfigure(settings);
  auto parts = std::make_unique<Scrape::Parts>(
      Scrape::Parts{EngineReport(metrics, engine_), {}, engine_.loopCount()});
  for (Site& site : sites) {
    auto& dispatch = *dispatches_.emplace_back(
        std::make_unique<Dispatch>(std::move(site), live_, engine_.loopCount(), log, clock));
    std::uint16_t port = 0;
    for (const int fd : dispatch.site().sockets) {
      port = engine_.adopt(fd, dispatch).port();
    }
    if (dispatch.site().sockets.empty()) {
      for (const std::string& address : dispatch.site().listen) {
        const std::uint16_t bound = engine_.listen(address, dispatch).port();
        port = port == 0 ? bound : port;
      }
    }
    ports_.push_back(port);
    parts->sites.emplace_back(&dispatch, TrafficReport(metrics, dispatch.trafficNames()));
  }
  scrape_->parts.with([&](auto& all) { all = std::move(parts); });
  metrics.atScrape([scrape = scrape_] { scrape->run(); });
}

Server::~Server() {
  scrape_->parts.with([](auto& all) { all.reset(); });
}

void Server::start() {
  engine_.start();
  log_.info("http listens",
            {{"loops", engine_.loopCount()}, {"connections", engine_.maxConnections()}});
  for (std::size_t i = 0; i < dispatches_.size(); ++i) {
    log_.info("http site", {{"site", dispatches_[i]->site().name}, {"port", ports_[i]}});
  }
}

void Server::beginDrain(std::chrono::milliseconds within) { engine_.beginDrain(within); }
void Server::join() { engine_.join(); }

std::uint16_t Server::port(std::string_view site) const {
  for (std::size_t i = 0; i < dispatches_.size(); ++i) {
    if (dispatches_[i]->site().name == site) {
      return ports_[i];
    }
  }
  throw Error(ErrorCode::NotFound, "http has no site " + std::string(site));
}

void Server::reconfigure(const LiveSettings& settings) {
  auto next = std::make_unique<const Live>(settings);
  all_live_.with([&](auto& all) {
    live_.store(next.get(), std::memory_order_release);
    all.push_back(std::move(next));
  });
}

Dispatch* Server::find(std::string_view site) const noexcept {
  const auto found =
      std::find_if(dispatches_.begin(), dispatches_.end(),
                   [&](const auto& dispatch) { return dispatch->site().name == site; });
  return found == dispatches_.end() ? nullptr : found->get();
}

void Server::intercept(std::string_view site, const std::vector<ChainPlace>& ordered) {
  if (Dispatch* dispatch = find(site)) {
    dispatch->intercept(ordered);
  }
}

std::vector<ChainFacts> Server::chains(std::string_view site, std::string_view route) const {
  const Dispatch* dispatch = find(site);
  return dispatch == nullptr ? std::vector<ChainFacts>() : dispatch->chains(route);
}

std::uint64_t Server::inFlight() const {
  std::uint64_t all = 0;
  for (unsigned i = 0; i < engine_.loopCount(); ++i) {
    all += engine_.counters(i).active.value();
  }
  return all;
}

}  // namespace reeld::http
