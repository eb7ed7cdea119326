// The answer of one call on its way into the socket: head, then body, never blocking. The body
// stays in the call's Reply; this only knows how far it came.
#pragma once
#include "http/engine/call.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::http::engine {

enum class Flush : std::uint8_t {
  Done,
  Blocked,  ///< the socket is full
  Paused,   ///< the burst is used up; others have their turn
  Cold,     ///< the file's next bytes are not in memory
  Failed,
};

class Outbound {
 public:
  /// Starts an answer; with_body is false for HEAD, 204 and 304.
  void begin(bool with_body) noexcept;
  /// `head` is the part of the head not sent yet: the caller's buffer on the first call, afterwards
  /// what was kept of it. `sent` grows by what went out.
  Flush flush(int fd, std::string_view head, const Reply& reply, std::uint64_t burst,
              std::uint64_t& sent);
  /// Goes on with what the first flush left.
  Flush flush(int fd, const Reply& reply, std::uint64_t burst, std::uint64_t& sent);

  std::uint64_t bodySent() const noexcept { return body_sent_; }
  /// The bytes from bodySent() on are in memory now; not looked at again.
  void warmed(std::uint64_t until) noexcept { warm_until_ = until; }

 private:
  Flush sendText(int fd, std::string_view head, std::string_view text, std::uint64_t& sent);
  Flush sendFile(int fd, const FileSlice& file, std::uint64_t burst, std::uint64_t& sent);

  std::string head_;  ///< unsent rest of the head
  std::uint64_t body_sent_ = 0;
  std::uint64_t warm_until_ = 0;
  bool with_body_ = true;
};

}  // namespace reeld::http::engine
