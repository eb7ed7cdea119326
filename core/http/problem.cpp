#include "http/problem.h"

#include "base/json.h"
#include "http/engine/status_line.h"

#include <algorithm>
#include <array>

namespace reeld::http {

namespace {

struct Meaning {
  ErrorCode code;
  int status;
  std::string_view detail;  ///< for 5xx, instead of the error's own text
};

constexpr std::string_view InternalDetail =
    "something went wrong here; the log has it under this request id";

constexpr std::array<Meaning, 14> Meanings = {{
    {ErrorCode::Ok, 500, InternalDetail},
    {ErrorCode::Invalid, 400, {}},
    {ErrorCode::Unauthenticated, 401, {}},
    {ErrorCode::Denied, 403, {}},
    {ErrorCode::NotFound, 404, {}},
    {ErrorCode::Conflict, 409, {}},
    {ErrorCode::Exhausted, 429, {}},
    {ErrorCode::Unavailable, 503, "not available at the moment, try again soon"},
    {ErrorCode::Timeout, 504, "this took too long, try again soon"},
    {ErrorCode::Cancelled, 503, "the request was cancelled, try again"},
    {ErrorCode::Unsupported, 501, "not supported by this server"},
    {ErrorCode::Corrupt, 500, "stored data is damaged; the log has it under this request id"},
    {ErrorCode::Internal, 500, InternalDetail},
    {ErrorCode::Defer, 401, {}},
}};

struct Reason {
  std::string_view word;
  int status;
  std::string_view detail;  ///< for 5xx
};

/// Reasons with a status of their own; every other reason keeps the status of its code.
constexpr std::array<Reason, 13> Reasons = {{
    {"storage-full", 507, "there is not enough storage left for this"},
    {"quota-full", 507, "the storage quota is used up"},
    {"too-large", 413, {}},
    {"media-type", 415, {}},
    {"range", 416, {}},
    {"length-required", 411, {}},
    {"precondition", 412, {}},
    {"method", 405, {}},
    {"gone", 410, {}},
    {"busy", 503, "the server is busy, try again soon"},
    {"draining", 503, "the server is shutting down, try again soon"},
    {"payment-declined", 402, {}},
    {"bad-gateway", 502, "a service behind this server failed, try again soon"},
}};

const Meaning& meaning(ErrorCode code) noexcept {
  const auto found = std::find_if(Meanings.begin(), Meanings.end(),
                                  [&](const Meaning& m) { return m.code == code; });
  return found == Meanings.end() ? Meanings.front() : *found;
}

const Reason* reasonOf(const Error& error) noexcept {
  const auto found = std::find_if(Reasons.begin(), Reasons.end(),
                                  [&](const Reason& r) { return r.word == error.reason(); });
  return found == Reasons.end() ? nullptr : &*found;
}

struct Shape {
  int status = 500;
  std::string_view code;
  std::string_view detail;
  std::string_view surface;
  std::string_view request_id;
  std::uint32_t retry_after_ms = 0;
  const std::vector<Violation>* violations = nullptr;
};

bool isVideoflix(std::string_view surface) noexcept { return surface == "videoflix"; }

/// {"email": ["sentence", ...], ...}; what concerns no one member is non_field_errors.
void printFieldMap(JsonWriter& out, const std::vector<Violation>& violations) {
  const auto member = [](const Violation& violation) {
    return violation.pointer.empty() ? std::string_view("non_field_errors")
                                     : std::string_view(violation.pointer).substr(1);
  };
  for (auto first = violations.begin(); first != violations.end(); ++first) {
    const auto name = member(*first);
    const auto isSame = [&](const Violation& other) { return member(other) == name; };
    if (std::any_of(violations.begin(), first, isSame)) {
      continue;
    }
    out.key(name).beginArray();
    for (const auto& violation : violations) {
      if (isSame(violation)) {
        out.value(violation.message);
      }
    }
    out.endArray();
  }
}

std::string body(const Shape& shape) {
  JsonWriter out;
  out.beginObject();
  const bool has_violations = shape.violations != nullptr && !shape.violations->empty();
  if (isVideoflix(shape.surface)) {
    if (has_violations) {
      printFieldMap(out, *shape.violations);
    } else {
      out.member("detail", shape.detail);
    }
    out.endObject();
    return out.take();
  }
  out.member("type", "urn:reeld:problem:" + std::string(shape.code));
  out.member("title", engine::reasonPhrase(shape.status)).member("status", shape.status);
  out.member("detail", shape.detail)
      .member("code", shape.code)
      .member("request_id", shape.request_id);
  if (has_violations) {
    out.key("errors").beginArray();
    for (const auto& violation : *shape.violations) {
      out.beginObject()
          .member("pointer", violation.pointer)
          .member("detail", violation.message)
          .endObject();
    }
    out.endArray();
  }
  out.endObject();
  return out.take();
}

Response print(const Shape& shape) {
  const bool plain = isVideoflix(shape.surface);
  Response response = Response::text(
      body(shape), plain ? "application/json" : "application/problem+json", shape.status);
  response.header("Cache-Control", "no-store");
  if (shape.status == 401) {
    response.header("WWW-Authenticate", plain ? "Bearer realm=\"api\"" : "Bearer realm=\"reeld\"");
  }
  if (shape.retry_after_ms > 0 || shape.status == 503 || shape.status == 429) {
    const std::uint32_t seconds = std::max<std::uint32_t>(1, (shape.retry_after_ms + 999) / 1000);
    response.header("Retry-After", std::to_string(seconds));
  }
  return response;
}

}  // namespace

int statusOf(const Error& error) noexcept {
  if (!error.violations().empty()) {
    return 422;
  }
  const Reason* reason = reasonOf(error);
  return reason == nullptr ? meaning(error.code()).status : reason->status;
}

Response problem(const Error& error, std::string_view surface, std::string_view request_id) {
  Shape shape;
  shape.status = statusOf(error);
  if (shape.status == 422 && isVideoflix(surface)) {
    shape.status = 400;
  }
  const Reason* reason = reasonOf(error);
  const std::string_view fixed = reason != nullptr ? reason->detail : meaning(error.code()).detail;
  shape.detail = shape.status >= 500 ? (fixed.empty() ? InternalDetail : fixed) : error.what();
  shape.code = error.reason().empty() ? word(error.code()) : std::string_view(error.reason());
  shape.surface = surface;
  shape.request_id = request_id;
  shape.retry_after_ms = error.retryAfterMs();
  shape.violations = &error.violations();
  return print(shape);
}

Response problem(const engine::Refusal& refusal, std::string_view surface,
                 std::string_view request_id) {
  return problem(refusal.status, refusal.code, refusal.detail, surface, request_id,
                 static_cast<std::uint32_t>(refusal.retry_after) * 1000);
}

Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view surface, std::string_view request_id,
                 std::uint32_t retry_after_ms) {
  Shape shape;
  shape.status = status;
  shape.code = code;
  shape.detail = detail;
  shape.surface = surface;
  shape.request_id = request_id;
  shape.retry_after_ms = retry_after_ms;
  return print(shape);
}

}  // namespace reeld::http
