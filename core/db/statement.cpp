// Reads a statement once: finds its placeholders, refuses what the two engines read differently,
// and writes the text of each dialect.
#include "db/statement.h"

#include <array>
#include <stdexcept>
#include <string_view>

namespace reeld::db {

namespace {

struct Token {
  std::string_view name;
  std::string_view sqlite;
  std::string_view postgres;
};
constexpr std::array<Token, 3> Tokens = {{
    {"{NOW}", "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
     "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"},
    {"{SKIP LOCKED}", "", "FOR UPDATE SKIP LOCKED"},
    {"{FOR UPDATE}", "", "FOR UPDATE"},
}};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  void read() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '\'' || c == '"') {
        copyUntil(std::string_view(&source_[at_], 1), 1);
      } else if (startsWith("--")) {
        copyUntil("\n", 2);
      } else if (startsWith("/*")) {
        copyUntil("*/", 2);
      } else if (c == '$') {
        placeholder();
      } else if (c == '{') {
        token();
      } else {
        refuseForeign(c);
        copy(1);
      }
    }
    if (sqlite.find_first_not_of(" \t\r\n") == std::string::npos)
      fail("is empty");
  }

  std::string sqlite;
  std::string postgres;
  int placeholders = 0;

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::logic_error("the statement " + why + ": " + std::string(source_));
  }
  bool startsWith(std::string_view text) const { return source_.substr(at_, text.size()) == text; }
  void copy(std::size_t count) {
    sqlite.append(source_.substr(at_, count));
    postgres.append(source_.substr(at_, count));
    at_ += count;
  }

  /// Copies a literal, quoted name or comment; PostgreSQL's client counts $n in there too, SQLite
  /// does not.
  void copyUntil(std::string_view end, std::size_t opening) {
    std::size_t close = source_.find(end, at_ + opening);
    if (close == std::string_view::npos) {
      if (end != "\n")
        fail("has no end for " + std::string(source_.substr(at_, opening)));
      close = source_.size() - end.size();
    }
    const std::size_t length = close + end.size() - at_;
    for (std::size_t i = at_; i + 1 < at_ + length; ++i) {
      if (source_[i] == '$' && isDigit(source_[i + 1])) {
        fail("has a placeholder inside a literal or comment");
      }
    }
    copy(length);
  }

  void placeholder() {
    std::size_t end = at_ + 1;
    int number = 0;
    while (end < source_.size() && isDigit(source_[end]) && number < 1000) {
      number = number * 10 + (source_[end++] - '0');
    }
    if (end == at_ + 1)
      fail("has a $ without a number");
    if (number < 1 || number > placeholders + 1) {
      fail("uses $" + std::to_string(number) + " before the placeholders below it");
    }
    if (number == placeholders + 1)
      placeholders = number;
    copy(end - at_);
  }

  void token() {
    for (const Token& known : Tokens) {
      if (startsWith(known.name)) {
        sqlite.append(known.sqlite);
        postgres.append(known.postgres);
        at_ += known.name.size();
        return;
      }
    }
    constexpr std::string_view By = "{BY ";
    const std::size_t end = source_.find('}', at_);
    if (!startsWith(By) || end == std::string_view::npos) {
      fail("has an unknown token");
    }
    sqlite.append("INDEXED BY ").append(source_.substr(at_ + By.size(), end - at_ - By.size()));
    at_ = end + 1;
  }

  void refuseForeign(char c) const {
    if (c == '?')
      fail("has a ? (placeholders are $1, $2 ...)");
    if (c == ';')
      fail("has a ; (one statement, without an end)");
    if (c == ':')
      fail("has a : (write CAST(x AS type))");
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace

Statement::Statement(const char* sql) {
  Reader reader(sql);
  reader.read();
  sqlite_ = std::move(reader.sqlite);
  postgres_ = std::move(reader.postgres);
  placeholders_ = reader.placeholders;
}

}  // namespace reeld::db
