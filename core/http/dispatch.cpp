#include "http/dispatch.h"

#include "base/error.h"
#include "http/cors.h"
#include "http/percent.h"
#include "http/problem.h"
#include "http/reply_writer.h"
#include "http/upload_head.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reeld::http {

using engine::Step;

namespace {
void check(const Site& site) {
  for (const Route& route : site.routes) {
    const auto wrong = [&](const char* why) {
      throw Error(ErrorCode::Internal,
                  "route " + route.pattern + " of site " + site.name + ": " + why);
    };
    if (route.lane == Lane::Inline && !route.inline_handler) {
      wrong("an Inline route needs an inline_handler");
    }
    if (route.lane == Lane::Inline && route.access != Access::Public && !route.handler) {
      wrong(
          "access cannot be checked on the loop; give it a handler to defer to, or make it Public "
          "and decide there");
    }
    const bool is_handled = route.lane == Lane::Upload   ? bool(route.begin_upload)
                            : route.lane == Lane::Hash   ? bool(route.prepare)
                            : route.lane == Lane::Worker ? route.prepare || route.handler
                                                         : true;
    if (!is_handled) {
      wrong("has no handler");
    }
    if (route.access != Access::Public && !site.guard) {
      wrong("is not Public, but its site has no guard");
    }
  }
}
}  // namespace

Dispatch::Dispatch(Site site, const std::atomic<const Live*>& live, unsigned loops, const Log& log,
                   const Clock& clock)
    : site_(std::move(site)), router_(site_.routes), live_(live), log_(log), clock_(clock) {
  check(site_);
  intercept(site_.interceptors);
  for (unsigned i = 0; i < loops; ++i) {
    loops_.push_back(std::make_unique<PerLoop>());
    loops_.back()->traffic = std::make_unique<Traffic>(site_.routes.size() + 2);
  }
}

Dispatch::~Dispatch() = default;

std::unique_ptr<engine::Call> Dispatch::newCall() { return std::make_unique<LiveExchange>(*this); }

bool Dispatch::isCapped(const engine::Address& address) const noexcept {
  return !live_.load(std::memory_order_acquire)->isTrusted(address);
}

std::vector<TrafficReport::RouteName> Dispatch::trafficNames() const {
  std::vector<TrafficReport::RouteName> names;
  for (const Route& route : site_.routes) {
    names.push_back({route.pattern, std::string(methodName(route.method))});
  }
  names.push_back({"unmatched", "any"});
  names.push_back({"malformed", "any"});
  return names;
}

void Dispatch::intercept(const std::vector<ChainPlace>& ordered) {
  auto next = std::make_unique<const ChainSet>(ordered, site_.routes);
  all_chains_.with([&](auto& all) {
    chains_.store(next.get(), std::memory_order_release);
    all.push_back(std::move(next));
  });
}

std::vector<ChainFacts> Dispatch::chains(std::string_view route) const {
  auto facts = chains_.load(std::memory_order_acquire)->facts(site_.routes);
  if (route.empty()) {
    return facts;
  }
  std::vector<ChainFacts> named;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const bool is_route = i < site_.routes.size();
    const auto* found = is_route ? router_.find(site_.routes[i].method, route).entry : nullptr;
    if (is_route && (facts[i].pattern == route || (found != nullptr && found->index == i))) {
      named.push_back(std::move(facts[i]));
    }
  }
  return named;
}

// Whatever a handler throws ends here. Anything but an Error is a fault of ours; a refusal because
// of load is none: nobody mends it by reading the log, and it comes in crowds.
template <class Work>
Response Dispatch::contained(LiveExchange& exchange, Work&& work) noexcept {
  const auto fault = [&](std::string_view what) {
    log_.error(
        "a request failed",
        {{"request", exchange.requestId()}, {"route", exchange.routePattern()}, {"error", what}});
  };
  try {
    return work();
  } catch (const Error& error) {
    const bool is_refusal = error.code() == ErrorCode::Cancelled || error.reason() == "busy";
    if (statusOf(error) >= 500 && !is_refusal) {
      fault(error.what());
    }
    return problem(error, exchange.surface(), exchange.requestId());
  } catch (const std::exception& error) {
    fault(error.what());
  } catch (...) {
    fault("something that is no exception was thrown");
  }
  return problem(Error(ErrorCode::Internal, ""), exchange.surface(), exchange.requestId());
}

void Dispatch::seal(LiveExchange& exchange, Response response) noexcept {
  exchange.reply.status = response.status;
  if (!exchange.sealed_) {
    exchange.sealed_ = true;
    exchange.addStandingHeaders();
    exchange.chain_.response(exchange);
  }
  Response failure = contained(exchange, [&]() -> Response {
    if (const auto* pieces = std::get_if<PiecewiseBody>(&response.body)) {
      exchange.rest_ = pieces->rest;
    }
    writeReply(exchange.reply, std::move(response), exchange.extra_, exchange.fields_, exchange,
               *exchange.live_);
    return Response::none(0);
  });
  if (failure.status != 0) {
    writeReply(exchange.reply, std::move(failure), {}, {}, exchange, *exchange.live_);
  }
}

Step Dispatch::answer(LiveExchange& exchange, Response response) noexcept {
  seal(exchange, std::move(response));
  return Step::Answer;
}

void Dispatch::begin(LiveExchange& exchange) {
  exchange.started_ = true;
  exchange.live_ = live_.load(std::memory_order_acquire);
  exchange.chains_ = chains_.load(std::memory_order_acquire);
  exchange.started_ms_ = clock_.now();
  const std::string_view sent = exchange.header("x-request-id");
  if (isHarmlessRequestId(sent)) {
    std::copy(sent.begin(), sent.end(), exchange.request_id_.begin());
    exchange.request_id_size_ = sent.size();
  } else {
    loops_[exchange.loop]->ids.next(exchange.request_id_.data());
    exchange.request_id_size_ = RequestIds::Size;
  }
  const Origin origin = exchange.live_->originOf(exchange.Call::peer, exchange.head);
  exchange.peer_text_ = origin.address.text();
  exchange.https_ = origin.https;
  exchange.forwarded_host_ = origin.forwarded_host;
  const auto method = methodOf(exchange.head.method());
  exchange.method_known_ = method.has_value();
  exchange.method_ = method.value_or(Method::Get);
  exchange.chain_.begin(exchange.chains_->of(nullptr));
}

Step Dispatch::head(LiveExchange& exchange) noexcept {
  begin(exchange);
  Step step = Step::Answer;
  Response refused = contained(exchange, [&]() -> Response {
    step = admit(exchange);
    return Response::none(0);
  });
  return refused.status == 0 ? step : answer(exchange, std::move(refused));
}

Step Dispatch::admit(LiveExchange& exchange) {
  bool is_sound = true;
  if (exchange.path().find('%') != std::string_view::npos) {
    auto decoded = decodePath(exchange.path());
    is_sound = exchange.decoded_ = decoded.has_value();
    exchange.decoded_path_ = std::move(decoded).value_or("");
  }
  if (is_sound) {
    exchange.match_ = router_.find(exchange.method_, exchange.path());
  }
  if (!exchange.method_known_) {
    exchange.match_.entry = nullptr;  // BREW, TRACE, CONNECT: no path has them
  }
  // A page that asks for a path without routes is let through to its 404, which it can then read.
  const bool asks = is_sound && exchange.method_known_ && exchange.method_ == Method::Options &&
                    exchange.match_.entry == nullptr &&
                    (exchange.match_.allowed != 0 || isPreflight(exchange));
  if (asks) {
    const std::uint8_t allowed =
        exchange.match_.allowed != 0 ? exchange.match_.allowed : Router::AllMethods;
    return answer(exchange, preflight(*exchange.live_, exchange, Router::allowHeader(allowed)));
  }
  if (site_.identify) {
    site_.identify(exchange);
    exchange.noteUser();
  }
  exchange.chain_.begin(exchange.chains_->of(exchange.match_.entry));
  if (!exchange.chain_.request(exchange)) {
    if (!exchange.refused_.isSound()) {
      log_.error("an interceptor refused a request without saying how",
                 {{"request", exchange.requestId()}, {"route", exchange.routePattern()}});
    }
    return answer(exchange, answerOf(exchange.refused_, exchange.surface(), exchange.requestId()));
  }
  if (!is_sound) {
    throw Error(ErrorCode::Invalid, "the path is badly percent-encoded").reason("bad-path");
  }
  const Route* route = exchange.route();
  if (route == nullptr) {
    return answer(exchange, routeless(exchange));
  }
  if (route->lane == Lane::Upload) {
    if (const auto* refused = uploadRefusal(exchange.head)) {
      Response response = problem(*refused, exchange.surface(), exchange.requestId());
      if (refused->status == 415) {
        response.header("Accept-Encoding", "identity");
      }
      return answer(exchange, std::move(response));
    }
    if (!exchange.head.chunked() && exchange.head.contentLength() < 0) {
      throw Error(ErrorCode::Invalid, "an upload needs Content-Length or chunked coding")
          .reason("length-required");
    }
    return Step::Receive;
  }
  exchange.max_body = route->max_body;
  return Step::Collect;
}

Response Dispatch::routeless(LiveExchange& exchange) const {
  if (exchange.match_.allowed == 0) {
    return exchange.path() == "*" ? Response::none(204)
                                  : problem(404, "not_found", "there is nothing at this path",
                                            exchange.surface(), exchange.requestId());
  }
  Response response = problem(405, "method", "this path has no such method", exchange.surface(),
                              exchange.requestId());
  response.header("Allow", Router::allowHeader(exchange.match_.allowed));
  return response;
}

Step Dispatch::body(LiveExchange& exchange) noexcept {
  const Route& route = *exchange.route();
  if (route.lane != Lane::Inline) {
    return Step::Worker;
  }
  bool deferred = false;
  Response response = contained(exchange, [&]() -> Response {
    auto made = route.inline_handler(exchange);
    deferred = !made;
    if (deferred && !route.handler) {
      throw Error(ErrorCode::Internal, "route " + route.pattern + " deferred but has no handler");
    }
    return made ? std::move(*made) : Response();
  });
  return deferred && response.status == 200 ? Step::Worker : answer(exchange, std::move(response));
}

Step Dispatch::run(LiveExchange& exchange) noexcept {
  const Route& route = *exchange.route();
  bool goes_on = false;
  Response response = contained(exchange, [&]() -> Response {
    if (exchange.hash_work_) {
      return std::exchange(exchange.hash_work_, nullptr)(exchange);
    }
    if (site_.guard) {
      site_.guard(exchange, route);
    }
    if (!route.prepare) {
      return route.handler(exchange);
    }
    auto prepared = route.prepare(exchange);
    if (auto* const answer = std::get_if<Response>(&prepared)) {
      return std::move(*answer);
    }
    auto& work = std::get<HashWork>(prepared);
    if (route.lane != Lane::Hash) {
      return work(exchange);
    }
    exchange.hash_work_ = std::move(work);
    goes_on = true;
    return Response::none(0);
  });
  if (goes_on) {
    return Step::Hash;
  }
  seal(exchange, std::move(response));
  return Step::Answer;
}

bool Dispatch::openUpload(LiveExchange& exchange) noexcept {
  const Route& route = *exchange.route();
  Response refused = contained(exchange, [&]() -> Response {
    if (site_.guard) {
      site_.guard(exchange, route);
    }
    const std::int64_t length = exchange.head.chunked() ? -1 : exchange.head.contentLength();
    exchange.sink_ = route.begin_upload(exchange, length);
    if (!exchange.sink_) {
      throw Error(ErrorCode::Internal,
                  "route " + route.pattern + " began an upload without a sink");
    }
    return Response::none(0);
  });
  if (refused.status != 0) {
    seal(exchange, std::move(refused));
  }
  return refused.status == 0;
}

bool Dispatch::writeUpload(LiveExchange& exchange, std::span<const char> piece) noexcept {
  Response refused = contained(exchange, [&]() -> Response {
    exchange.sink_->write(piece);
    return Response::none(0);
  });
  if (refused.status != 0) {
    exchange.sink_.reset();
    seal(exchange, std::move(refused));
    return false;
  }
  upload_bytes_.fetch_add(piece.size(), std::memory_order_relaxed);
  return true;
}

void Dispatch::finishUpload(LiveExchange& exchange) noexcept {
  Response response = contained(exchange, [&] { return exchange.sink_->finish(); });
  exchange.sink_.reset();
  seal(exchange, std::move(response));
}

bool Dispatch::nextPiece(LiveExchange& exchange) noexcept {
  // The status went out with the head: a failure now is one for the log and a cut for the client.
  const Response failure = contained(exchange, [&]() -> Response {
    std::string piece;
    exchange.reply.has_more = exchange.rest_->next(piece);
    exchange.reply.body = std::move(piece);
    return Response::none(0);
  });
  return failure.status == 0;
}

void Dispatch::refuse(LiveExchange& exchange, const engine::Refusal& refusal) noexcept {
  if (!exchange.started_) {
    begin(exchange);
  }
  exchange.sink_.reset();
  seal(exchange, problem(refusal, exchange.surface(), exchange.requestId()));
}

void Dispatch::completed(LiveExchange& exchange, engine::Outcome outcome) noexcept {
  if (!exchange.started_) {
    return;
  }
  exchange.chain_.complete(exchange);
  const std::int64_t microseconds = exchange.elapsedUs();
  const std::size_t routes = site_.routes.size();
  const std::size_t row = exchange.match_.entry != nullptr ? exchange.match_.entry->index
                          : exchange.method_known_         ? routes
                                                           : routes + 1;
  loops_[exchange.loop]->traffic->count(row, exchange.reply.status, microseconds);
  writeAccessLog(exchange, outcome, microseconds);
}

void Dispatch::writeAccessLog(const LiveExchange& exchange, engine::Outcome outcome,
                              std::int64_t microseconds) const {
  const Route* route = exchange.route();
  const bool quiet =
      (route != nullptr && !route->logged && exchange.reply.status < 500) || site_.name == "admin";
  const LogLevel level = quiet ? LogLevel::Debug : LogLevel::Info;
  if (!log_.enabled(level)) {
    return;
  }
  const std::array<LogField, 8> fields = {
      LogField("site", site_.name), LogField("method", exchange.head.method()),
      // An unmatched path may be a mistyped link with a token in it: only routed ones are printed.
      LogField("path", route != nullptr ? exchange.endpoint() : std::string_view("unmatched")),
      LogField("status", exchange.reply.status),
      LogField("ms", static_cast<double>(microseconds) / 1000),
      LogField("bytes", exchange.bytes_out), LogField("peer", exchange.peer()),
      LogField("request", exchange.requestId())};
  const bool cut = outcome == engine::Outcome::Broken;
  log_.write(level, cut ? "request, cut" : "request", fields.data(), fields.size());
}

}  // namespace reeld::http
