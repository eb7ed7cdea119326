#include "http/multipart.h"

#include "base/error.h"
#include "base/utf8.h"
#include "http/engine/head.h"
#include "http/header_parameters.h"

#include <algorithm>

namespace reeld::http {

namespace {

[[noreturn]] void malformedBody(const char* why) {
  throw Error(ErrorCode::Invalid, std::string("malformed multipart body: ") + why)
      .reason("bad-multipart");
}

bool isBoundaryCharacter(char c) noexcept {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric || std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

std::string text(std::optional<std::string> value, const char* what) {
  if (!value || !utf8Length(*value) || value->find('\0') != std::string::npos) {
    malformedBody(what);
  }
  return std::move(*value);
}

PartHead parseHead(std::string_view lines) {
  PartHead head;
  bool disposed = false;
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines = end == std::string_view::npos ? std::string_view() : lines.substr(end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !engine::isToken(line.substr(0, colon))) {
      malformedBody("a part's header line is no header");
    }
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) {
      value.remove_prefix(1);
    }
    if (!engine::isFieldValue(value)) {
      malformedBody("a part's header holds a control character");
    }
    const std::string_view name = line.substr(0, colon);
    if (engine::equalsIgnoringCase(name, "content-disposition")) {
      if (disposed || headerWord(value) != "form-data") {
        malformedBody("a part needs one Content-Disposition: form-data");
      }
      disposed = true;
      head.name = text(headerParameter(value, "name"), "a part has no valid name");
      if (auto file_name = headerParameter(value, "filename")) {
        head.file_name = text(std::move(file_name), "a file name is not UTF-8");
      }
    } else if (engine::equalsIgnoringCase(name, "content-type")) {
      head.content_type = value;
    }
  }
  if (!disposed) {
    malformedBody("a part needs one Content-Disposition: form-data");
  }
  return head;
}

}  // namespace

std::optional<std::string> multipartBoundary(std::string_view content_type) {
  if (headerWord(content_type) != "multipart/form-data") {
    return std::nullopt;
  }
  auto boundary = headerParameter(content_type, "boundary");
  const bool valid = boundary && !boundary->empty() && boundary->size() <= 70 &&
                     boundary->back() != ' ' &&
                     std::all_of(boundary->begin(), boundary->end(), isBoundaryCharacter);
  return valid ? boundary : std::nullopt;
}

MultipartParser::MultipartParser(std::string_view boundary, PartEvents& events)
    : events_(events), delimiter_("\r\n--" + std::string(boundary)), held_("\r\n") {
  // The first delimiter may stand at the very start; a line end before it makes it look like the
  // others.
}

void MultipartParser::feed(std::string_view bytes) {
  std::string joined;
  if (held_.empty()) {
    input_ = bytes;
  } else {
    joined = std::move(held_);
    joined.append(bytes);
    input_ = joined;
  }
  while (state_ != State::Done && step()) {
  }
  held_ = state_ == State::Done ? std::string() : std::string(input_);
  input_ = {};
}

bool MultipartParser::step() {
  switch (state_) {
    case State::Preamble:
    case State::Data:
      return passData();
    case State::AfterDelimiter:
      return afterDelimiter();
    case State::Head:
      return takeHead();
    case State::Done:
      return false;
  }
  return false;
}

bool MultipartParser::passData() {
  const auto found = input_.find(delimiter_);
  // Without a delimiter all but a possible beginning of one is certain.
  const std::size_t certain = found != std::string_view::npos ? found
                              : input_.size() >= delimiter_.size()
                                  ? input_.size() - delimiter_.size() + 1
                                  : 0;
  if (state_ == State::Preamble) {
    preamble_ += certain;
    if (preamble_ > MaxPreamble) {
      malformedBody("it does not begin with its boundary");
    }
  } else if (certain > 0) {
    events_.partData(input_.substr(0, certain));
  }
  input_.remove_prefix(certain);
  if (found == std::string_view::npos) {
    return false;
  }
  input_.remove_prefix(delimiter_.size());
  if (state_ == State::Data) {
    events_.partEnds();
  }
  state_ = State::AfterDelimiter;
  return true;
}

bool MultipartParser::afterDelimiter() {
  // Blanks may follow a boundary (RFC 2046, section 5.1.1).
  const auto first = input_.find_first_not_of(" \t");
  if (first == std::string_view::npos || first + 1 >= input_.size()) {
    if (input_.size() > 256) {
      malformedBody("too many blanks after a boundary");
    }
    return false;
  }
  const std::string_view next = input_.substr(first, 2);
  if (next == "--" && first == 0) {
    state_ = State::Done;
    return false;
  }
  if (next != "\r\n") {
    malformedBody("a boundary is followed by neither a line end nor two dashes");
  }
  input_.remove_prefix(first + 2);
  if (++parts_ > MaxParts) {
    malformedBody("more than 64 parts");
  }
  state_ = State::Head;
  return true;
}

bool MultipartParser::takeHead() {
  if (input_.starts_with("\r\n")) {
    malformedBody("a part needs one Content-Disposition: form-data");
  }
  const auto end = input_.find("\r\n\r\n");
  if (end == std::string_view::npos || end > MaxHead) {
    if (input_.size() > MaxHead) {
      malformedBody("a part's head is larger than 8 KiB");
    }
    return false;
  }
  events_.partBegins(parseHead(input_.substr(0, end)));
  input_.remove_prefix(end + 4);
  state_ = State::Data;
  return true;
}

void MultipartParser::finish() const {
  if (state_ != State::Done) {
    malformedBody("it ends before its closing boundary");
  }
}

}  // namespace reeld::http
