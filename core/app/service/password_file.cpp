#include "app/service/password_file.h"

#include "app/service/path_fault.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace reeld::app::service {

namespace {

bool readsPasswordFile(std::string_view url) {
  constexpr std::string_view Mark = "://";
  const auto scheme = url.find(Mark);
  if (scheme == std::string_view::npos) {
    return false;
  }
  url.remove_prefix(scheme + Mark.size());
  const std::string_view authority = url.substr(0, url.find_first_of("/?"));
  const auto query_at = url.find('?');
  const std::string_view query = query_at == std::string_view::npos ? "" : url.substr(query_at);
  const auto at = authority.rfind('@');
  const std::string_view user = at == std::string_view::npos ? "" : authority.substr(0, at);
  const std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const auto has = [&](std::string_view text) {
    return query.find(text) != std::string_view::npos;
  };
  if (user.find(':') != std::string_view::npos || has("password=") || has("passfile=")) {
    return false;
  }
  const bool is_socket =
      has("host=/") || has("host=%2F") || has("host=%2f") || (host.empty() && !has("host="));
  return !is_socket;
}

std::string pathOf() {
  if (const char* const named = std::getenv("PGPASSFILE")) {
    return named;
  }
  const passwd* const me = getpwuid(geteuid());
  return me == nullptr ? "" : std::string(me->pw_dir) + "/.pgpass";
}

}  // namespace

std::string passwordFileFault(const std::string& database_url) {
  const std::string path = readsPasswordFile(database_url) ? pathOf() : "";
  struct stat facts {};
  if (path.empty() || stat(path.c_str(), &facts) != 0) {
    return "";
  }
  const std::string fault = pathFault(path, Need::Secret);
  if (!fault.empty() || (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0) {
    return fault;
  }
  return path + " may be read by others, so PostgreSQL's client passes over it: chmod 0600 " + path;
}

}  // namespace reeld::app::service
