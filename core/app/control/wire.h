// The control socket's protocol: one JSON object per line. A request {"command":"user
// list","args":{...}}, perhaps with one open file beside it (SCM_RIGHTS); answers {"progress":...}
// any number of times, then one
// {"result":...} or {"error":{"code":"not_found","message":"..."}}. Server and client both speak it
// here.
#pragma once
#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld::app::control {

/// Lines over a connected unix stream socket. One thread.
class Wire {
 public:
  static constexpr std::size_t LongestLine = 1 << 20;

  explicit Wire(FileDescriptor socket) : socket_(std::move(socket)) {}

  struct Line {
    std::string text;
    FileDescriptor file;  ///< that came with it, if one did
  };
  /// Nothing at the peer's end of file. Throws Error: TIMEOUT after SO_RCVTIMEO, INVALID for a line
  /// that is too long or more than one file.
  std::optional<Line> read();
  /// Throws Error UNAVAILABLE if the peer has gone.
  void write(const Json& message, int file = -1);
  /// The peer has closed its end.
  bool peerGone() const noexcept;
  int fd() const noexcept { return socket_.get(); }

 private:
  bool receive();

  FileDescriptor socket_;
  std::string buffer_;
  FileDescriptor file_;
};

Json toJson(const Error& error);
/// The error an answer {"error":...} tells of.
Error fromJson(const Json& error);

}  // namespace reeld::app::control
