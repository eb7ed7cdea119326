#include "mail_folder.h"

#include "folder_remedy.h"

#include <reeld/cpp/contain.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

using reeld::sdk::Failure;

namespace notifier_outbox {

namespace {

Failure failure(const std::string& what, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return {full ? REELD_EXHAUSTED : REELD_UNAVAILABLE, what + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  Descriptor(int fd, const std::string& what) : fd_(fd) {
    if (fd_ < 0) {
      throw failure(what, errno);
    }
  }
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

void makeFolders(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    if (mkdir(part.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
      throw failure("cannot make " + part, errno);
    }
    if (at == std::string::npos) {
      return;
    }
  }
}

int openFolder(const std::string& path) {
  constexpr int Flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const int fd = open(path.c_str(), Flags);
  if (fd >= 0 || errno != ENOENT) {
    return fd;
  }
  makeFolders(path);
  return open(path.c_str(), Flags);
}

void writeDurably(int folder, const std::string& name, std::string_view content) {
  constexpr int Flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  const Descriptor file(openat(folder, name.c_str(), Flags, S_IRUSR | S_IWUSR),
                        "cannot make " + name);
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      throw failure("cannot write " + name, errno);
    }
    content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  if (fsync(file.get()) != 0) {
    throw failure("cannot write " + name, errno);
  }
}

}  // namespace

MailFolder::MailFolder(std::string path) : path_(std::move(path)) {
  try {
    requireWritable();
  } catch (const Failure& failure) {
    const std::string remedy = folderRemedy(path_);
    if (remedy.empty()) {
      throw;
    }
    throw Failure(REELD_INVALID, failure.what() + (" -> " + remedy));
  }
}

void MailFolder::requireWritable() const {
  const Descriptor folder(openFolder(path_), "cannot open " + path_);
  if (faccessat(folder.get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
    throw failure("cannot write to " + path_, errno);
  }
}

void MailFolder::write(const std::string& name, std::string_view content) const {
  const Descriptor folder(openFolder(path_), "cannot open " + path_);
  // Always the same name, so that what a crash leaves here is written over by the next try.
  const std::string draft = "." + name + ".part";
  try {
    writeDurably(folder.get(), draft, content);
  } catch (const Failure&) {
    unlinkat(folder.get(), draft.c_str(), 0);
    throw;
  }
  if (renameat(folder.get(), draft.c_str(), folder.get(), name.c_str()) != 0 ||
      fsync(folder.get()) != 0) {
    throw failure("cannot name a mail " + name, errno);
  }
}

}  // namespace notifier_outbox
