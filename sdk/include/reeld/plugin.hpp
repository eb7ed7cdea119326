// C++20 over the C ABI. Header-only; nothing in here crosses the boundary or needs a library.
//
// A plugin is a class; the wrapper finds out by shape which kinds it offers (reeld/cpp/<kind>.hpp
// say which functions that takes), runs every call through contain(), and REELD_PLUGIN exports it:
//
//   class Example {
//    public:
//     static constexpr auto id = "org.example.name";          // reverse DNS, never changes
//     static constexpr auto version = "1.0.0";
//     static constexpr auto config_schema = R"({...})";       // optional, JSON Schema
//     Example(reeld::sdk::Host host, std::string_view config_json);
//     void start();  void stop(int64_t deadline_ms);          // optional
//     void reconfigure(std::string_view config_json);         // optional, while calls run
//     void health();                                          // optional, throws if not well
//     ...the functions of a kind...
//   };
//   REELD_PLUGIN(Example)
//
// Optional constants: name, vendor, license, after.
#pragma once
#include <reeld/cpp/analytics.hpp>
#include <reeld/cpp/auth.hpp>
#include <reeld/cpp/contain.hpp>
#include <reeld/cpp/encoder.hpp>
#include <reeld/cpp/host.hpp>
#include <reeld/cpp/interceptor.hpp>
#include <reeld/cpp/notifier.hpp>
#include <reeld/cpp/payment.hpp>
#include <reeld/cpp/report.hpp>
#include <reeld/cpp/routes.hpp>
#include <reeld/cpp/storage.hpp>
#include <reeld/cpp/subscription.hpp>

namespace reeld::sdk::detail {

template <class P>
struct Offers {
  reeld_interface list[11] = {};
  constexpr Offers() {
    static_assert(offersAuth<P>() || offersStorage<P>() || offersEncoder<P>() ||
                      offersNotifier<P>() || offersInterceptor<P>() || offersReport<P>() ||
                      offersRoutes<P>() || offersAnalytics<P>() || offersPayment<P>() ||
                      offersSubscription<P>(),
                  "the class has the functions of no kind; see reeld/cpp/");
    size_t n = 0;
    if constexpr (offersAuth<P>())
      list[n++] = {REELD_AUTH, &auth_table<P>};
    if constexpr (offersStorage<P>())
      list[n++] = {REELD_STORAGE, &storage_table<P>};
    if constexpr (offersEncoder<P>())
      list[n++] = {REELD_ENCODER, &encoder_table<P>};
    if constexpr (offersNotifier<P>())
      list[n++] = {REELD_NOTIFIER, &notifier_table<P>};
    if constexpr (offersInterceptor<P>())
      list[n++] = {REELD_INTERCEPTOR, &interceptor_table<P>};
    if constexpr (offersReport<P>())
      list[n++] = {REELD_REPORT, &report_table<P>};
    if constexpr (offersRoutes<P>())
      list[n++] = {REELD_ROUTES, &routes_table<P>};
    if constexpr (offersAnalytics<P>())
      list[n++] = {REELD_ANALYTICS, &analytics_table<P>};
    if constexpr (offersPayment<P>())
      list[n++] = {REELD_PAYMENT, &payment_table<P>};
    if constexpr (offersSubscription<P>())
      list[n++] = {REELD_SUBSCRIPTION, &subscription_table<P>};
  }
};
template <class P>
inline constexpr Offers<P> offers{};

template <class P>
struct Lifecycle {
  static reeld_status create(const reeld_host* host, reeld_str config, void** self,
                             reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      *self = new P(Host(host), view(config));
      return REELD_OK;
    });
  }
  static void destroy(void* self) noexcept { delete static_cast<P*>(self); }
  static reeld_status start(void* self, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->start();
      return REELD_OK;
    });
  }
  static void stop(void* self, int64_t deadline_ms) noexcept {
    contain(nullptr, [&]() -> reeld_status {
      static_cast<P*>(self)->stop(deadline_ms);
      return REELD_OK;
    });
  }
  static reeld_status reconfigure(void* self, reeld_str config, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->reconfigure(view(config));
      return REELD_OK;
    });
  }
  static reeld_status health(void* self, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->health();
      return REELD_OK;
    });
  }
};

template <class P>
inline constexpr reeld_plugin descriptor = [] {
  using Life = Lifecycle<P>;
  reeld_plugin d{};
  d.struct_size = sizeof d;
  d.abi_major = REELD_ABI_MAJOR;
  d.need_minor = REELD_NEED_MINOR;
  d.id = P::id;
  d.version = P::version;
  if constexpr (requires { P::name; })
    d.name = P::name;
  if constexpr (requires { P::vendor; })
    d.vendor = P::vendor;
  if constexpr (requires { P::license; })
    d.license = P::license;
  if constexpr (requires { P::config_schema; })
    d.config_schema = P::config_schema;
  if constexpr (requires { P::after; })
    d.after = P::after;
  d.interfaces = offers<P>.list;
  d.create = &Life::create;
  d.destroy = &Life::destroy;
  if constexpr (requires { &P::start; })
    d.start = &Life::start;
  if constexpr (requires { &P::stop; })
    d.stop = &Life::stop;
  if constexpr (requires { &P::reconfigure; })
    d.reconfigure = &Life::reconfigure;
  if constexpr (requires { &P::health; })
    d.health = &Life::health;
  return d;
}();

}  // namespace reeld::sdk::detail

#define REELD_PLUGIN(Class)                                         \
  extern "C" REELD_EXPORT const reeld_plugin* reeld_plugin_abi1() { \
    return &reeld::sdk::detail::descriptor<Class>;                  \
  }
