// One HTTP request and its response, as handlers and the interceptor chain see it. The engine below
// parses and sends; nothing here knows a socket.
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace reeld::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };

struct Header {
  std::string name;
  std::string value;
};

/// A descriptor that lives as long as a response (or the cache) holds it.
struct OpenFile {
  int fd = -1;
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
  std::string etag;  ///< quoted
  OpenFile() = default;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();  ///< closes fd
};

/// A whole file; ranges and conditions are worked out by the engine's side (http/range.h).
struct FileBody {
  std::shared_ptr<const OpenFile> file;
};
using SharedText = std::shared_ptr<const std::string>;

/// Makes a body of a length that nobody knows, piece by piece. It goes when the answer is over,
/// sent or not, on any thread.
class PieceSource {
 public:
  virtual ~PieceSource() = default;
  /// On a worker, once the piece before has been handed to the kernel: into the empty string. False
  /// with the last one. Throws Error: the connection is cut, and the client sees that it is not
  /// all.
  virtual bool next(std::string& piece) = 0;
};
struct PiecewiseBody {
  std::string first;
  std::shared_ptr<PieceSource> rest;
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string content_type = "application/json";
  std::variant<std::monostate, std::string, SharedText, FileBody, PiecewiseBody> body;

  static Response json(std::string text, int status = 200);
  static Response text(std::string text, std::string content_type, int status = 200);
  static Response file(std::shared_ptr<const OpenFile> file, std::string content_type);
  static Response none(int status);
  Response& header(std::string name, std::string value) &;
};

/// What the signature and expiry of a credential prove, before any database call. Filled by
/// api/guard on the loop; gives interceptors their key. User state and rights are checked in the
/// handler's lane.
struct Caller {
  std::optional<std::int64_t> user_id;
  std::string session_id;
  std::string token_id;
  std::int64_t issued_ms = 0;
  bool by_cookie = false;
  std::string failure;  ///< reason word when a credential was sent and is no good ("token-expired")
  std::string
      role;  ///< "ADMIN": of this very moment, set in the lane once the guard has let the user in
};

class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual Method method() const noexcept = 0;
  virtual std::string_view path() const noexcept = 0;   ///< percent-decoded, valid UTF-8, no NUL
  virtual std::string_view query() const noexcept = 0;  ///< raw, without '?'
  /// First header of that name; empty if there is none. Never allocates.
  virtual std::string_view header(std::string_view lower_name) const noexcept = 0;
  /// All of them as they came, views into the request.
  virtual std::vector<std::pair<std::string_view, std::string_view>> allHeaders() const = 0;
  virtual std::string_view routeParameter(
      std::string_view name) const noexcept = 0;               ///< {id} of the pattern
  virtual std::string_view routePattern() const noexcept = 0;  ///< "" if no route matched
  virtual std::string_view requestId() const noexcept = 0;
  virtual std::string_view peer() const noexcept = 0;    ///< client address after trusted proxies
  virtual std::string_view scheme() const noexcept = 0;  ///< http or https, after trusted proxies
  virtual std::string_view host() const noexcept = 0;    ///< the same
  /// Where clients find this server, for URLs in answers: http.public_url, or else scheme and host
  /// of this request; "" if neither is known.
  virtual std::string siteOrigin() const = 0;
  virtual std::string_view body() const noexcept = 0;  ///< collected, at most the route's limit
  virtual std::string_view contentType() const noexcept = 0;  ///< media type alone, lower case
  /// A page of a foreign site sent this (http/cors.h); what cookies do for it must not change
  /// anything.
  virtual bool isCrossSite() const noexcept = 0;
  virtual Caller& caller() noexcept = 0;
  const Caller& caller() const noexcept { return const_cast<Exchange*>(this)->caller(); }
  /// A header for whatever response this exchange ends with, errors included (cookies,
  /// deprecation).
  virtual void addHeader(std::string name, std::string value) = 0;

  std::optional<std::string> queryValue(std::string_view name) const;  ///< decoded
  /// The first of that name that is not empty: one that was emptied is none.
  std::optional<std::string_view> cookie(std::string_view name) const;
};

}  // namespace reeld::http
