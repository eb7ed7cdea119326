#include "http/engine/outbound.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace reeld::http::engine {

namespace {

/// Bytes taken by the kernel; -1 = socket full, -2 = broken.
ssize_t verdict(ssize_t result) noexcept {
  if (result >= 0) {
    return result;
  }
  return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
}

ssize_t sendBytes(int fd, std::string_view bytes, int flags) noexcept {
  ssize_t result = 0;
  do {
    result = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT | flags);
  } while (result < 0 && errno == EINTR);
  return verdict(result);
}

ssize_t sendBoth(int fd, std::string_view head, std::string_view body) noexcept {
  std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                iovec{const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  ssize_t result = 0;
  do {
    result = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (result < 0 && errno == EINTR);
  return verdict(result);
}

/// Whether one byte can be read without touching the disk; true too where the kernel cannot tell.
bool inMemory(int fd, std::uint64_t offset) noexcept {
  char byte = 0;
  iovec part{&byte, 1};
  return preadv2(fd, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT) >= 0 || errno != EAGAIN;
}

}  // namespace

void Outbound::begin(bool with_body) noexcept {
  head_.clear();
  body_sent_ = 0;
  warm_until_ = 0;
  with_body_ = with_body;
}

Flush Outbound::flush(int fd, std::string_view head, const Reply& reply, std::uint64_t burst,
                      std::uint64_t& sent) {
  if (with_body_) {
    if (const auto* text = std::get_if<std::string>(&reply.body)) {
      return sendText(fd, head, *text, sent);
    }
    if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&reply.body);
        shared != nullptr && *shared) {
      return sendText(fd, head, **shared, sent);
    }
  }
  const auto* file = with_body_ ? std::get_if<FileSlice>(&reply.body) : nullptr;
  if (!head.empty()) {
    const bool more = file != nullptr && file->length > 0;
    const ssize_t taken = sendBytes(fd, head, more ? MSG_MORE : 0);
    if (taken < -1) {
      return Flush::Failed;
    }
    sent += static_cast<std::uint64_t>(std::max<ssize_t>(taken, 0));
    head.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(taken, 0)));
    head_.assign(head);
    if (!head.empty()) {
      return Flush::Blocked;
    }
  }
  return file == nullptr ? Flush::Done : sendFile(fd, *file, burst, sent);
}

Flush Outbound::flush(int fd, const Reply& reply, std::uint64_t burst, std::uint64_t& sent) {
  const std::string head = std::move(head_);
  head_ = std::string();
  return flush(fd, head, reply, burst, sent);
}

Flush Outbound::sendText(int fd, std::string_view head, std::string_view text,
                         std::uint64_t& sent) {
  while (!head.empty() || body_sent_ < text.size()) {
    const std::string_view rest = text.substr(static_cast<std::size_t>(body_sent_));
    const ssize_t taken = head.empty()   ? sendBytes(fd, rest, 0)
                          : rest.empty() ? sendBytes(fd, head, 0)
                                         : sendBoth(fd, head, rest);
    if (taken < 0) {
      head_.assign(head);
      return taken == -1 ? Flush::Blocked : Flush::Failed;
    }
    const auto count = static_cast<std::size_t>(taken);
    sent += count;
    const std::size_t of_head = std::min(count, head.size());
    head.remove_prefix(of_head);
    body_sent_ += count - of_head;
  }
  return Flush::Done;
}

Flush Outbound::sendFile(int fd, const FileSlice& file, std::uint64_t burst, std::uint64_t& sent) {
  const std::uint64_t stop = std::min(file.length, body_sent_ + burst);
  if (body_sent_ >= warm_until_ && body_sent_ < file.length) {
    // The first and the last byte of the burst speak for those between.
    if (!inMemory(file.fd, file.offset + body_sent_) ||
        !inMemory(file.fd, file.offset + stop - 1)) {
      return Flush::Cold;
    }
    warm_until_ = stop;
  }
  while (body_sent_ < stop) {
    auto offset = static_cast<off_t>(file.offset + body_sent_);
    const ssize_t taken =
        verdict(sendfile(fd, file.fd, &offset, static_cast<std::size_t>(stop - body_sent_)));
    if (taken == -1) {
      return Flush::Blocked;
    }
    // Zero means that the file became shorter than what the head promised.
    if (taken <= 0) {
      return Flush::Failed;
    }
    body_sent_ += static_cast<std::uint64_t>(taken);
    sent += static_cast<std::uint64_t>(taken);
  }
  return body_sent_ == file.length ? Flush::Done : Flush::Paused;
}

}  // namespace reeld::http::engine
