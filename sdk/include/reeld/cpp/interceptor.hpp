// reeld.interceptor/1 for a C++ class that has any of
//   int32_t onRequest(Exchange) noexcept            REELD_CONTINUE, or what respond() returns
//   void onResponse(Exchange) noexcept
//   void onComplete(const CompleteExchange&) noexcept
// and, optionally, a type `Scratch` of at most 256 bytes, which each request has for this plugin
// alone, and `bool covers(const Route&)`.
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/interceptor.h>

#include <type_traits>

namespace reeld::sdk {

/// A request whose answer has been sent, or was broken off.
class CompleteExchange {
 public:
  explicit CompleteExchange(const reeld_exchange* x) noexcept : x_(x) {}
  std::string_view method() const noexcept { return view(x_->method); }
  std::string_view path() const noexcept { return view(x_->path); }
  std::string_view route() const noexcept { return view(x_->route); }
  std::string_view group() const noexcept { return view(x_->group); }
  std::string_view peer() const noexcept { return view(x_->peer); }
  std::string_view userId() const noexcept { return view(x_->user_id); }
  std::string_view requestId() const noexcept { return view(x_->request_id); }
  int32_t status() const noexcept { return x_->status; }
  /// An interceptor answered it; no handler saw it.
  bool isRefused() const noexcept { return REELD_HAS(x_, is_refused); }
  /// Of the request; empty if it has none of that name.
  std::string_view header(std::string_view lower_name) const noexcept {
    return view(x_->api->header(x_, abi(lower_name)));
  }
  const reeld_exchange& raw() const noexcept { return *x_; }
  /// This request's own, zero at first.
  template <class Scratch>
  Scratch& scratch() const noexcept {
    return *static_cast<Scratch*>(x_->scratch);
  }

 private:
  const reeld_exchange* x_;
};

class Exchange : public CompleteExchange {
 public:
  explicit Exchange(reeld_exchange* x) noexcept : CompleteExchange(x), x_(x) {}
  /// In onRequest: return x.respond(403, "not-today");
  int32_t respond(int32_t status, std::string_view problem,
                  uint32_t retry_after_ms = 0) const noexcept {
    x_->api->respond(x_, status, abi(problem), retry_after_ms);
    return REELD_RESPONDED;
  }
  void setHeader(std::string_view name, std::string_view value) const noexcept {
    x_->api->set_header(x_, abi(name), abi(value));
  }

 private:
  reeld_exchange* x_;
};

class Route {
 public:
  explicit Route(const reeld_route* raw) noexcept : raw_(raw) {}
  std::string_view method() const noexcept { return view(raw_->method); }
  std::string_view pattern() const noexcept { return view(raw_->pattern); }
  std::string_view group() const noexcept { return view(raw_->group); }

 private:
  const reeld_route* raw_;
};

namespace detail {

template <class P>
constexpr bool offersInterceptor() {
  return requires { &P::onRequest; }
  || requires { &P::onResponse; }
  || requires { &P::onComplete; };
}

template <class P>
constexpr uint32_t scratchSize() {
  if constexpr (requires { typename P::Scratch; }) {
    using Scratch = typename P::Scratch;
    static_assert(sizeof(Scratch) <= REELD_MAX_SCRATCH, "Scratch has at most 256 bytes");
    static_assert(std::is_trivial_v<Scratch>, "Scratch is made of zeros and never destroyed");
    return sizeof(Scratch);
  } else {
    return 0;
  }
}

// What may not throw across the boundary is noexcept, or does not compile.
template <class P>
inline constexpr reeld_interceptor interceptor_table = [] {
  reeld_interceptor table{};
  table.struct_size = sizeof table;
  table.scratch_size = scratchSize<P>();
  if constexpr (requires { &P::onRequest; }) {
    static_assert(noexcept(std::declval<P&>().onRequest(std::declval<Exchange>())),
                  "onRequest is on the hot path and must be noexcept");
    table.on_request = [](void* self, reeld_exchange* x) noexcept -> int32_t {
      return static_cast<P*>(self)->onRequest(Exchange(x));
    };
  }
  if constexpr (requires { &P::onResponse; }) {
    static_assert(noexcept(std::declval<P&>().onResponse(std::declval<Exchange>())),
                  "onResponse is on the hot path and must be noexcept");
    table.on_response = [](void* self, reeld_exchange* x) noexcept {
      static_cast<P*>(self)->onResponse(Exchange(x));
    };
  }
  if constexpr (requires { &P::onComplete; }) {
    static_assert(noexcept(std::declval<P&>().onComplete(std::declval<CompleteExchange>())),
                  "onComplete is on the hot path and must be noexcept");
    table.on_complete = [](void* self, const reeld_exchange* x) noexcept {
      static_cast<P*>(self)->onComplete(CompleteExchange(x));
    };
  }
  if constexpr (requires { &P::covers; }) {
    table.covers = [](void* self, const reeld_route* route) noexcept -> int32_t {
      bool covers = true;  // of one that throws, rather everywhere than nowhere
      contain(nullptr, [&]() -> reeld_status {
        covers = static_cast<P*>(self)->covers(Route(route));
        return REELD_OK;
      });
      return covers ? 1 : 0;
    };
  }
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
