// The answers the engine gives by itself: what was wrong with a request's framing, time or size.
// The floor above turns one into a body in the shape of the surface that was asked.
#pragma once
#include <string_view>

namespace reeld::http::engine {

struct Refusal {
  int status;
  std::string_view code;    ///< the machine's word
  std::string_view detail;  ///< the reader's sentence
  int retry_after = 0;      ///< seconds; 0 = none
};

namespace refusal {
inline constexpr Refusal RequestLine{400, "bad-request-line", "malformed request line"};
inline constexpr Refusal LineEnd{400, "bad-line-end", "lines must end with CR LF"};
inline constexpr Refusal Target{400, "bad-target", "malformed request target"};
inline constexpr Refusal Field{400, "bad-header", "malformed header field"};
inline constexpr Refusal Host{400, "bad-host", "exactly one valid Host header is required"};
inline constexpr Refusal Credentials{400, "credentials-twice",
                                     "only one Authorization header is allowed"};
inline constexpr Refusal Cookies{400, "cookies-twice",
                                 "only one Cookie header is allowed (RFC 6265, section 5.4)"};
inline constexpr Refusal Length{400, "bad-content-length", "malformed or repeated Content-Length"};
inline constexpr Refusal Framing{
    400, "bad-framing",
    "Transfer-Encoding cannot be combined with Content-Length, HTTP/1.0 "
    "or itself"};
inline constexpr Refusal Chunk{400, "bad-chunk", "malformed chunked body"};
inline constexpr Refusal BodyCut{400, "body-cut", "the body ended before its announced length"};
inline constexpr Refusal HeadTimeout{408, "head-timeout", "the request head took too long"};
inline constexpr Refusal BodyTimeout{408, "body-timeout", "the request body came too slowly"};
inline constexpr Refusal BodyTooLarge{413, "too-large", "the request body is too large"};
inline constexpr Refusal TargetTooLong{414, "target-too-long", "the request target is too long"};
inline constexpr Refusal Expectation{417, "bad-expectation",
                                     "only Expect: 100-continue is supported"};
inline constexpr Refusal HeadTooLarge{431, "head-too-large", "the request head is too large"};
inline constexpr Refusal Coding{501, "unknown-coding",
                                "the only supported transfer coding is chunked"};
inline constexpr Refusal Overload{503, "overload", "too many connections, try again soon", 2};
inline constexpr Refusal AddressCap{503, "too-many-connections",
                                    "too many connections from this address", 5};
inline constexpr Refusal Busy{503, "busy", "the server is busy, try again soon", 1};
inline constexpr Refusal Version{505, "unknown-version",
                                 "only HTTP/1.1 and HTTP/1.0 are supported"};
}  // namespace refusal

}  // namespace reeld::http::engine
