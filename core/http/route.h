// A route: method and pattern, the lane it runs in, who may call it, and its handler. api/
// registers routes; the router finds them; the OpenAPI check compares them with
// core/api/openapi.yaml.
#pragma once
#include "http/exchange.h"
#include "http/route_group.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reeld::http {

/// Where the handler runs. Inline: on the event loop, no blocking call, no plugin function that is
/// not [hot]. Worker: may use the database and plugins. Hash: prepared on Worker, then one thread
/// with a queue of 32, beyond it 503. Upload: the loop receives the body and an io thread writes
/// it.
enum class Lane { Inline, Worker, Hash, Upload };

/// What a route asks of the caller before its handler runs. `api/guard` enforces it in the lane.
enum class Access { Public, User, Creator, Admin };

/// Receives an upload's body. begin() has admitted it; pieces come in order, one at a time, on io
/// threads.
class BodySink {
 public:
  virtual ~BodySink() = default;  ///< without finish(): the upload was cut; keep nothing
  virtual void write(
      std::span<const char> piece) = 0;  ///< at most 256 KiB; throws Error (storage-full: 507)
  virtual Response finish() = 0;         ///< Worker lane, after the last byte
};

/// What is left of an exchange for the hash thread.
using HashWork = std::function<Response(Exchange&)>;
/// An answer, or what leads to one.
using Prepared = std::variant<Response, HashWork>;

struct Route {
  Method method = Method::Get;
  std::string pattern;  ///< "/api/v1/videos/{id}"; answers with and without a trailing slash
  Lane lane = Lane::Worker;
  Access access = Access::User;
  RouteGroup group = RouteGroup::Api;  ///< what interceptors tell it by
  std::size_t max_body = 1 << 20;      ///< collected bodies; beyond it 413 after a lingering close

  /// Worker, and the second try of a deferred Inline exchange.
  std::function<Response(Exchange&)> handler;
  /// Hash, and where the lane is Worker because nothing burns CPU: instead of `handler`. Runs on
  /// Worker and does all that is no hashing (syntax, throttle, look-ups): whoever is refused there
  /// is answered at once, however many wait for the hash thread.
  std::function<Prepared(Exchange&)> prepare;
  /// Inline only: nothing = Defer, the exchange goes on in `handler` on the Worker lane. `access`
  /// is asked before that one alone: here only those are answered who are known to have it.
  std::function<std::optional<Response>(Exchange&)> inline_handler;
  /// Upload only: runs on Worker before 100-continue; throws to refuse. `length` is -1 if chunked.
  std::function<std::unique_ptr<BodySink>(Exchange&, std::int64_t length)> begin_upload;

  /// Of every answer at this path, refusals included: those before the handler, and of methods it
  /// does not have.
  std::vector<Header> standing_headers;

  /// The handler asks the guard who it is: something comes before that (a body's syntax). The
  /// site's guard sees the request all the same.
  bool guards_itself = false;
  /// Whether its requests are in the log of every day (level info). What is fetched by the thousand
  /// is in that of level debug alone, unless it went wrong.
  bool logged = true;
  /// {grant}, {token}: never in a log, a "…" in the audit trail.
  std::vector<std::string> secret_parameters;
  std::string_view surface() const;  ///< "v1", "videoflix" or "other": decides the shape of errors
};

using Routes = std::vector<Route>;

/// The surface a path belongs to, routed or not.
std::string_view surfaceOf(std::string_view path) noexcept;

}  // namespace reeld::http
