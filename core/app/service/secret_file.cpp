#include "app/service/secret_file.h"

#include "app/service/path_fault.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace reeld::app::service {

namespace {

constexpr off_t LargestSecret = 64 * 1024;
constexpr std::size_t ShortestSigningSecret = 32;
constexpr std::string_view Credentials = "$CREDENTIALS_DIRECTORY/";

void writeAll(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0) {
      throw systemError("cannot write " + path, errno);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(fd) != 0) {
    throw systemError("cannot write " + path, errno);
  }
}

std::string signingSecretPath(const config::Settings& settings) {
  const std::string& named = settings.auth.secret_file;
  return named.empty() ? settings.data_dir + "/secret" : named;
}

Secret readSigningSecret(const std::string& path) {
  Secret secret = readSecretFile(path, "auth.secret_file");
  if (secret.reveal().size() < ShortestSigningSecret) {
    throw Error(ErrorCode::Invalid,
                "auth.secret_file: " + path +
                    " has fewer than 32 bytes (make one: head -c 32 /dev/urandom | base64 > " +
                    path + ")");
  }
  return secret;
}

}  // namespace

bool isOutOfReach(const std::string& given) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return given.starts_with(Credentials) && (folder == nullptr || access(folder, X_OK) != 0);
}

Secret readSecretFile(const std::string& given, const std::string& key) {
  std::string path = given;
  const bool credential = given.starts_with(Credentials);
  if (credential) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
      throw Error(ErrorCode::Invalid, key + ": " + given +
                                          " needs LoadCredential= in the service unit: "
                                          "CREDENTIALS_DIRECTORY is not set");
    }
    path = std::string(folder) + given.substr(Credentials.size() - 1);
  }
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status {};
  if (!file || fstat(file.get(), &status) != 0) {
    const int why = errno;
    const std::string fault = pathFault(path, Need::Secret);
    throw Error(
        ErrorCode::Invalid,
        key + ": " + (fault.empty() ? systemError("cannot open " + path, why).what() : fault));
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::Invalid, key + ": " + path + " is no regular file");
  }
  if (!credential && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw Error(ErrorCode::Invalid,
                key + ": " + path + " may be read by others than its owner: chmod 600 " + path);
  }
  if (status.st_size > LargestSecret) {
    throw Error(ErrorCode::Invalid, key + ": " + path + " is larger than 64 KiB");
  }
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t got = read(file.get(), content.data(), content.size());
  if (got < 0) {
    throw Error(ErrorCode::Invalid, key + ": " + systemError("cannot read " + path, errno).what());
  }
  content.resize(static_cast<std::size_t>(got));
  while (content.ends_with('\n') || content.ends_with('\r')) {
    content.pop_back();
  }
  if (content.empty()) {
    throw Error(ErrorCode::Invalid, key + ": " + path + " is empty");
  }
  return Secret(std::move(content));
}

bool makeSecretFile(const std::string& path, std::string_view content) {
  // Written under another name and linked: nobody ever reads half of it, and the first one wins.
  const std::string draft = path + "." + randomToken(6);
  {
    const FileDescriptor file(
        open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file) {
      throw systemError("cannot write " + draft, errno);
    }
    writeAll(file.get(), content, draft);
  }
  const int result = link(draft.c_str(), path.c_str());
  const int error = errno;
  unlink(draft.c_str());
  if (result != 0 && error != EEXIST) {
    throw systemError("cannot make " + path, error);
  }
  return result == 0;
}

Secret signingSecret(const config::Settings& settings) {
  const std::string path = signingSecretPath(settings);
  if (settings.auth.secret_file.empty() && access(path.c_str(), F_OK) != 0) {
    constexpr std::size_t Bytes = 48;
    makeSecretFile(path, randomToken(Bytes) + "\n");
  }
  return readSigningSecret(path);
}

void checkSigningSecret(const config::Settings& settings) {
  const std::string path = signingSecretPath(settings);
  if (isOutOfReach(path)) {
    return;
  }
  if (!settings.auth.secret_file.empty() || access(path.c_str(), F_OK) == 0) {
    readSigningSecret(path);
  }
}

}  // namespace reeld::app::service
