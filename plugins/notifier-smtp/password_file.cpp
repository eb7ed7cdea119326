#include "password_file.h"

#include <reeld/cpp/contain.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

using reeld::sdk::Failure;

namespace notifier_smtp {

namespace {

constexpr std::string_view Credentials = "$CREDENTIALS_DIRECTORY/";
constexpr size_t LongestPassword = 4096;

Failure refused(const std::string& why) { return Failure(REELD_INVALID, why).at("/password_file"); }

std::string realPath(const std::string& path) {
  if (path.starts_with(Credentials)) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
      throw refused(path + " needs LoadCredential= in the service unit");
    }
    return std::string(folder) + path.substr(Credentials.size() - 1);
  }
  if (!path.starts_with('/')) {
    throw refused("must be an absolute path (got \"" + path + "\")");
  }
  return path;
}

struct File {
  explicit File(const std::string& path)
      // O_NONBLOCK: opening a FIFO must not hang; it means nothing for a file.
      : fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {
    if (fd < 0) {
      throw refused("cannot open " + path + ": " + std::strerror(errno));
    }
  }
  ~File() { close(fd); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const int fd;
};

std::string contentOf(int fd, const std::string& path) {
  std::array<char, LongestPassword + 1> buffer{};
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  if (count < 0) {
    throw refused("cannot read " + path + ": " + std::strerror(errno));
  }
  std::string content(buffer.data(), static_cast<size_t>(count));
  if (content.size() > LongestPassword) {
    throw refused(path + " is longer than any password");
  }
  while (content.ends_with('\n') || content.ends_with('\r')) {
    content.pop_back();
  }
  return content;
}

}  // namespace

std::string readPasswordFile(const std::string& given) {
  const std::string path = realPath(given);
  const File file(path);
  struct stat facts {};
  if (fstat(file.fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    throw refused(path + " is no regular file");
  }
  if (!given.starts_with(Credentials) && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw refused(path + " may be read by others than its owner: chmod 600 " + path);
  }
  std::string content = contentOf(file.fd, path);
  if (content.empty() || content.find('\0') != std::string::npos) {
    throw refused(path + " holds no password");
  }
  return content;
}

}  // namespace notifier_smtp
