#include "app/control/wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace reeld::app::control {

bool Wire::receive() {
  constexpr std::size_t MostFiles = 8;  // room to see, and close, what nobody asked for
  std::array<char, 16 * 1024> bytes{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(MostFiles * sizeof(int))> control{};
  iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      throw Error(ErrorCode::Timeout, "nothing came over the control socket for too long");
    }
    throw Error(ErrorCode::Unavailable,
                systemError("cannot read from the control socket", errno).what());
  }
  std::size_t files = 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
      files += file_ ? 2 : 1;  // one that is there already makes two
      file_ = FileDescriptor(fd);
    }
  }
  if (files > 1) {
    throw Error(ErrorCode::Invalid, "more than one file came with a request");
  }
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return got > 0;
}

std::optional<Wire::Line> Wire::read() {
  std::size_t searched = 0;
  for (;;) {
    const auto end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      Line line{buffer_.substr(0, end), std::move(file_)};
      buffer_.erase(0, end + 1);
      return line;
    }
    searched = buffer_.size();
    if (searched > LongestLine) {
      throw Error(ErrorCode::Invalid, "a line of the control protocol is longer than 1 MiB");
    }
    if (!receive()) {
      return std::nullopt;
    }
  }
}

void Wire::write(const Json& json, int file) {
  const std::string text = json.dump() + "\n";
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  std::size_t sent = 0;
  while (sent < text.size()) {
    iovec part{.iov_base = const_cast<char*>(text.data()) + sent, .iov_len = text.size() - sent};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (file >= 0 && sent == 0) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(header), &file, sizeof file);
    }
    const ssize_t put = sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put < 0) {
      throw Error(ErrorCode::Unavailable,
                  systemError("cannot write to the control socket", errno).what());
    }
    sent += static_cast<std::size_t>(put);
  }
}

bool Wire::peerGone() const noexcept {
  char byte = 0;
  return recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

Json toJson(const Error& error) {
  Json::Object body = {{"code", word(error.code())}, {"message", error.what()}};
  if (!error.reason().empty()) {
    body.emplace_back("reason", error.reason());
  }
  return Json::Object{{"error", std::move(body)}};
}

Error fromJson(const Json& error) {
  const Json* code = error.find("code");
  const Json* message = error.find("message");
  ErrorCode found = ErrorCode::Internal;
  for (int i = 0; i <= static_cast<int>(ErrorCode::Defer); ++i) {
    if (code != nullptr && code->isString() && word(static_cast<ErrorCode>(i)) == code->text()) {
      found = static_cast<ErrorCode>(i);
    }
  }
  Error result(found,
               message != nullptr && message->isString() ? message->text() : "unknown error");
  const Json* reason = error.find("reason");
  return reason != nullptr && reason->isString() ? std::move(result).reason(reason->text())
                                                 : result;
}

}  // namespace reeld::app::control
