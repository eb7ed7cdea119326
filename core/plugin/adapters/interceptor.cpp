// The record a plugin sees is made for each call of it, on the stack: every text in it lies in the
// exchange already.
#include "plugin/adapters/interceptor.h"

#include "http/router.h"
#include "plugin/hot_calls.h"

#include <reeld/kind/interceptor.h>

namespace reeld::plugin::adapters {
namespace {

static_assert(REELD_MAX_SCRATCH == http::Interceptor::MaxScratch);

enum class Phase { Request, Response, Complete };

/// What a plugin's pointer to an exchange leads back to: the record comes first.
struct Seen {
  reeld_exchange record;
  http::Interception* at;
  Phase phase;
};

reeld_str header(const reeld_exchange* x, reeld_str lower_name) noexcept {
  const std::string_view value =
      reinterpret_cast<const Seen*>(x)->at->exchange().header(view(lower_name));
  return value.empty() ? reeld_str{nullptr, 0} : abi(value);
}

void respond(reeld_exchange* x, std::int32_t status, reeld_str problem,
             std::uint32_t retry_after_ms) noexcept {
  const auto& seen = *reinterpret_cast<const Seen*>(x);
  if (seen.phase == Phase::Request) {
    seen.at->respond(status, view(problem), retry_after_ms);
  }
}

void setHeader(reeld_exchange* x, reeld_str name, reeld_str value) noexcept {
  const auto& seen = *reinterpret_cast<const Seen*>(x);
  if (seen.phase != Phase::Complete) {
    seen.at->setHeader(view(name), view(value));
  }
}

constexpr reeld_exchange_api Api = {.struct_size = sizeof(reeld_exchange_api),
                                    .zero = 0,
                                    .header = &header,
                                    .respond = &respond,
                                    .set_header = &setHeader};

Seen seenIn(http::Interception& at, Phase phase) noexcept {
  const http::Exchange& exchange = at.exchange();
  Seen seen{};
  seen.at = &at;
  seen.phase = phase;
  reeld_exchange& record = seen.record;
  record.struct_size = sizeof record;
  record.status = at.status();
  record.scratch = at.scratch().data();
  record.api = &Api;
  record.method = abi(at.methodText());
  record.path = abi(at.endpoint());
  record.route = abi(exchange.routePattern());
  record.group = abi(http::word(at.group()));
  record.peer = abi(exchange.peer());
  record.user_id = abi(at.userId());
  record.request_id = abi(exchange.requestId());
  record.bytes_in = at.bytesIn();
  record.bytes_out = at.bytesOut();
  record.started_ms = at.startedMs();
  record.started_us = at.startedUs();
  record.elapsed_us = phase == Phase::Request ? 0 : at.elapsedUs();
  record.is_refused = at.isRefused() ? 1 : 0;
  return seen;
}

class InterceptorAdapter final : public http::Interceptor {
 public:
  explicit InterceptorAdapter(Instance& instance)
      : calls_(instance, REELD_INTERCEPTOR), table_(calls_.table<reeld_interceptor>()) {}

  std::string_view name() const noexcept override { return calls_.instance(); }
  std::size_t scratchSize() const noexcept override { return table_.scratch_size; }
  Phases phases() const noexcept override {
    return {.request = table_.on_request != nullptr,
            .response = table_.on_response != nullptr,
            .complete = table_.on_complete != nullptr};
  }

  bool covers(const http::Route* route) const noexcept override {
    if (!REELD_HAS(&table_, covers)) {
      return true;
    }
    reeld_route record{};
    record.struct_size = sizeof record;
    record.method = abi(route == nullptr ? "" : http::methodName(route->method));
    record.pattern = abi(route == nullptr ? "" : std::string_view(route->pattern));
    record.group = abi(http::word(route == nullptr ? http::RouteGroup::Unmatched : route->group));
    return calls_.run("covers()", {}, [&] { return table_.covers(calls_.self(), &record) != 0; });
  }

  http::Verdict onRequest(http::Interception& at) noexcept override {
    Seen seen = seenIn(at, Phase::Request);
    const std::int32_t answer = calls_.run("on_request()", at.exchange().requestId(), [&] {
      return table_.on_request(calls_.self(), &seen.record);
    });
    // Whatever is not "go on" is a refusal: fail closed.
    return answer == REELD_CONTINUE ? http::Verdict::Continue : http::Verdict::Responded;
  }

  void onResponse(http::Interception& at) noexcept override {
    Seen seen = seenIn(at, Phase::Response);
    calls_.run("on_response()", at.exchange().requestId(),
               [&] { table_.on_response(calls_.self(), &seen.record); });
  }

  void onComplete(http::Interception& at) noexcept override {
    const Seen seen = seenIn(at, Phase::Complete);
    calls_.run("on_complete()", at.exchange().requestId(),
               [&] { table_.on_complete(calls_.self(), &seen.record); });
  }

 private:
  const HotCalls calls_;
  const reeld_interceptor& table_;
};

}  // namespace

std::unique_ptr<http::Interceptor> interceptor(Instance& instance) {
  return std::make_unique<InterceptorAdapter>(instance);
}

}  // namespace reeld::plugin::adapters
