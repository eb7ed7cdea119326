#include "plugin/adapters/reply_spool.h"

#include "base/error.h"
#include "http/field_lines.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace reeld::plugin::adapters {

namespace {

constexpr std::string_view ContentType = "content-type";

/// A fault of the plugin, not of whoever asked it.
[[noreturn]] void refuse(const char* why) { throw Error(ErrorCode::Internal, why); }

bool isContentType(std::string_view name) noexcept {
  return std::equal(name.begin(), name.end(), ContentType.begin(), ContentType.end(),
                    [](char a, char b) {
                      return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
                    });
}

/// A file without a name; on a file system that knows none, one whose name goes at once.
FileDescriptor namelessFile(const std::string& folder) {
  FileDescriptor file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) {
    std::string name = folder + "/reply-XXXXXX";
    file = FileDescriptor(mkostemp(name.data(), O_CLOEXEC));
    if (file) {
      unlink(name.c_str());
    }
  }
  if (!file) {
    throw systemError("cannot make a file in " + folder, errno);
  }
  return file;
}

void writeAll(const FileDescriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      throw systemError("cannot keep a plugin's reply", errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
}

}  // namespace

ReplySpool::ReplySpool(const void* state) : state_(state), step_(Step::Begun) { offer(); }

ReplySpool::ReplySpool(std::string folder, Keep keep)
    : folder_(std::move(folder)), keep_(std::move(keep)) {
  offer();
}

void ReplySpool::offer() noexcept {
  sink_.ctx = this;
  sink_.begin = [](void* ctx, const reeld_message* head) {
    return run(
        ctx,
        [](ReplySpool& self, const void* at) {
          self.begin(*static_cast<const reeld_message*>(at));
        },
        head);
  };
  sink_.write = [](void* ctx, reeld_bytes piece) {
    return run(
        ctx,
        [](ReplySpool& self, const void* at) {
          self.write(view(*static_cast<const reeld_bytes*>(at)));
        },
        &piece);
  };
  sink_.end = [](void* ctx) {
    return run(
        ctx,
        [](ReplySpool& self, const void*) {
          if (self.step_ != Step::Begun) {
            refuse("a reply is ended that was not begun");
          }
          self.step_ = Step::Ended;
        },
        nullptr);
  };
  sink_.pause = [](void* ctx, void* state) {
    return run(
        ctx, [](ReplySpool& self, const void* at) { self.pause(*static_cast<void* const*>(at)); },
        &state);
  };
}

reeld_status ReplySpool::run(void* ctx, void (*step)(ReplySpool&, const void*),
                             const void* argument) {
  return guarded(nullptr, [&] { step(*static_cast<ReplySpool*>(ctx), argument); });
}

void ReplySpool::begin(const reeld_message& head) {
  constexpr std::uint32_t Least = 200;
  constexpr std::uint32_t Most = 599;
  if (step_ != Step::None || head.status < Least || head.status > Most) {
    refuse("a reply is begun once, with a status of 200 to 599");
  }
  response_ = http::Response::none(static_cast<int>(head.status));
  for (std::size_t i = 0; i < head.headers.count; ++i) {
    const std::string_view name = view(head.headers.items[i].key);
    const std::string_view value = view(head.headers.items[i].value);
    if (isContentType(name)) {
      response_.content_type = value;
    } else if (http::maySetField(name, value)) {
      response_.header(std::string(name), std::string(value));
    } else {
      refuse("a reply has a header that it may not set");
    }
  }
  step_ = Step::Begun;
  write(view(head.body));
}

void ReplySpool::write(std::string_view piece) {
  if (step_ != Step::Begun) {
    refuse("a reply is written to before it is begun, or after its end");
  }
  if (!file_ && memory_.size() + piece.size() <= MostInMemory) {
    memory_.append(piece);
    return;
  }
  if (state_ != nullptr) {
    throw Error(ErrorCode::Exhausted, "a piece of a reply is at most 1 MiB");
  }
  if (!file_) {
    file_ = namelessFile(folder_);
    writeAll(file_, memory_);
    file_size_ = memory_.size();
    memory_ = std::string();
  }
  writeAll(file_, piece);
  file_size_ += piece.size();
}

void ReplySpool::pause(void* state) {
  const bool is_first = state_ == nullptr;
  if (step_ != Step::Begun || state == nullptr || (is_first ? !keep_ : state != state_)) {
    refuse("a reply is paused once it is begun, always with the same state, and by who can go on");
  }
  if (file_) {
    throw Error(ErrorCode::Exhausted, "a piece of a reply is at most 1 MiB");
  }
  if (is_first) {
    rest_ = keep_(state);
  }
  step_ = Step::Paused;
}

bool ReplySpool::takePiece(std::string& piece) {
  if (step_ != Step::Ended && step_ != Step::Paused) {
    refuse("a plugin returned without ending its reply");
  }
  if (step_ == Step::Paused && memory_.empty()) {
    refuse("a plugin paused its reply without writing a piece of it");
  }
  piece = std::move(memory_);
  return step_ == Step::Paused;
}

http::Response ReplySpool::take() {
  if (step_ != Step::Ended && step_ != Step::Paused) {
    refuse("a plugin returned without ending its reply");
  }
  if (step_ == Step::Paused) {
    response_.body = http::PiecewiseBody{std::move(memory_), std::move(rest_)};
  } else if (file_) {
    auto whole = std::make_shared<http::OpenFile>();
    whole->size = file_size_;
    whole->fd = file_.release();
    response_.body = http::FileBody{std::move(whole)};
  } else {
    response_.body = std::move(memory_);
  }
  return std::move(response_);
}

}  // namespace reeld::plugin::adapters
