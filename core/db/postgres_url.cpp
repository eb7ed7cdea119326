#include "db/postgres_url.h"

#include "base/error.h"

#include <libpq-fe.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <memory>
#include <string_view>

namespace reeld::db {

namespace {

using Options = std::map<std::string, std::string>;

Options parse(const std::string& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
      PQconninfoParse(url.c_str(), &message), &PQconninfoFree);
  PQfreemem(message);  // not shown: it may quote the whole URL
  if (parsed == nullptr) {
    throw Error(ErrorCode::Invalid,
                "database.url is not a valid postgresql:// URL (postgresql://user@host:port/name; "
                "percent-encode special characters)");
  }
  Options options;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0')
      options[option->keyword] = option->val;
  }
  return options;
}

/// As libpq reads an unquoted value.
std::string escaped(const std::string& keyword, const std::string& value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
      throw Error(ErrorCode::Invalid,
                  "database.url: " + keyword + " has a space in it, which cannot be passed on");
    }
    if (c == '\'' || c == '\\')
      out += '\\';
    out += c;
  }
  return out;
}

int passwordFile(const std::string& password) {
  if (password.find_first_of("\n\r") != std::string::npos) {
    throw Error(ErrorCode::Invalid, "database.url: the password has a line break in it");
  }
  std::string line = "*:*:*:*:";
  for (const char c : password) {
    if (c == ':' || c == '\\')
      line += '\\';
    line += c;
  }
  line += '\n';
  const int fd = ::memfd_create("reeld-pgpass", MFD_CLOEXEC);
  if (fd < 0)
    throw systemError("cannot keep the database's password", errno);
  // libpq ignores a file that others may read.
  if (::fchmod(fd, 0600) != 0 ||
      ::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    const int error = errno;
    ::close(fd);
    throw systemError("cannot keep the database's password", error);
  }
  return fd;
}

}  // namespace

PostgresUrl::PostgresUrl(const std::string& url) {
  Options options = parse(url);
  options.try_emplace("application_name", "reeld");
  options.try_emplace("connect_timeout", "5");
  options.try_emplace("tcp_user_timeout", "15000");
  options["client_encoding"] = "UTF8";
  if (options.contains("port") &&
      options["port"].find_first_not_of("0123456789,") != std::string::npos) {
    throw Error(ErrorCode::Invalid, "database.url: the port is not a number");
  }

  const auto shown = [&](const char* keyword) {
    const auto found = options.find(keyword);
    return found == options.end() ? std::string() : found->second;
  };
  shown_ = "postgresql://" + shown("user") + "@" + shown("host") +
           (shown("port").empty() ? "" : ":" + shown("port")) + "/" + shown("dbname");

  const std::string password = shown("password");
  options.erase("password");
  for (const auto& [keyword, value] : options) {
    text_ += (text_.empty() ? "" : " ") + keyword + "=" + escaped(keyword, value);
  }
  if (!password.empty()) {
    password_fd_ = passwordFile(password);
    text_ += " passfile=/proc/self/fd/" + std::to_string(password_fd_);
  }
}

PostgresUrl::~PostgresUrl() {
  if (password_fd_ >= 0)
    ::close(password_fd_);
}

}  // namespace reeld::db
