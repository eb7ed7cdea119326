#include "base/csv.h"

#include "base/error.h"

namespace reeld {

bool CsvReader::atLineEnd() const noexcept {
  return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::skipLineEnd() noexcept {
  if (at_ < text_.size()) {
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++next_line_;
  }
}

void CsvReader::fail(const char* why) {
  const auto end = text_.find('\n', at_);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
  ++next_line_;
  throw Error(ErrorCode::Invalid, why);
}

std::string CsvReader::quoted() {
  std::string field;
  const std::size_t began = ++at_;
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] != '"') {
      field += text_[at_];
    } else if (text_.substr(at_, 2) == "\"\"") {
      field += '"';
      ++at_;
    } else {
      ++at_;
      for (const char c : text_.substr(began, at_ - began)) {
        next_line_ += c == '\n' ? 1 : 0;
      }
      return field;
    }
  }
  at_ = began;
  fail("a quote is never closed");
}

std::string CsvReader::plain() {
  const std::size_t began = at_;
  while (!atLineEnd() && text_[at_] != ',') {
    ++at_;
  }
  return std::string(text_.substr(began, at_ - began));
}

std::optional<std::vector<std::string>> CsvReader::next() {
  while (at_ < text_.size() && atLineEnd()) {
    skipLineEnd();
  }
  if (at_ == text_.size()) {
    return std::nullopt;
  }
  line_ = next_line_;
  std::vector<std::string> row;
  for (;;) {
    row.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
    if (atLineEnd()) {
      skipLineEnd();
      return row;
    }
    if (text_[at_] != ',') {
      fail("there is something behind a closing quote");
    }
    ++at_;
  }
}

}  // namespace reeld
