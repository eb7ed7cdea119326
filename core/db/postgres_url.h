// A postgresql:// URL as the connection text that Poco takes: it splits on spaces and knows no
// quotes.
#pragma once
#include <string>

namespace reeld::db {

class PostgresUrl {
 public:
  /// Throws Error INVALID. No message contains the URL: a password may be in it.
  explicit PostgresUrl(const std::string& url);
  ~PostgresUrl();
  PostgresUrl(const PostgresUrl&) = delete;
  PostgresUrl& operator=(const PostgresUrl&) = delete;

  /// "host=… dbname=…" for libpq, without the password: that lies in an anonymous file which only
  /// this process can read (passfile=/proc/self/fd/N). Valid as long as this object.
  const std::string& connectionText() const noexcept { return text_; }
  /// For log lines: "postgresql://user@host:port/dbname".
  const std::string& shown() const noexcept { return shown_; }

 private:
  std::string text_;
  std::string shown_;
  int password_fd_ = -1;
};

}  // namespace reeld::db
