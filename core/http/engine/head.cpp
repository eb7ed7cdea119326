#include "http/engine/head.h"

#include "base/ascii.h"
#include "http/engine/authority.h"

namespace reeld::http::engine {

namespace {

using Table = std::array<bool, 256>;

constexpr Table tokenTable() {
  Table table{};
  for (unsigned c = '0'; c <= '9'; ++c) {
    table[c] = true;
  }
  for (unsigned c = 'a'; c <= 'z'; ++c) {
    table[c] = true;
    table[c - 'a' + 'A'] = true;
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

constexpr Table valueTable() {
  Table table{};
  for (unsigned c = 0x20; c < 256; ++c) {
    table[c] = c != 0x7f;
  }
  table['\t'] = true;
  return table;
}

/// What may stand in a request target: visible ASCII without the characters no URI contains.
constexpr Table targetTable() {
  Table table{};
  for (unsigned c = 0x21; c < 0x7f; ++c) {
    table[c] = true;
  }
  for (const char c : std::string_view("\"<>\\^`{}#")) {
    table[static_cast<unsigned char>(c)] = false;
  }
  return table;
}

constexpr Table Tokens = tokenTable();
constexpr Table Values = valueTable();
constexpr Table Targets = targetTable();

bool all(std::string_view text, const Table& table) noexcept {
  for (const char c : text) {
    if (!table[static_cast<unsigned char>(c)]) {
      return false;
    }
  }
  return true;
}

/// As much of a target's path as can stand in one: of a refused request it tells which surface was
/// asked.
std::string_view soundPath(std::string_view target) noexcept {
  std::size_t size = 0;
  while (size < target.size() && target[size] != '?' &&
         Targets[static_cast<unsigned char>(target[size])]) {
    ++size;
  }
  return target.substr(0, target.starts_with('/') ? size : 0);
}

/// Calls visit with each element of a comma-separated list.
template <class Visit>
void eachElement(std::string_view list, Visit&& visit) {
  while (true) {
    const auto comma = list.find(',');
    visit(unpadded(list.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return;
    }
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

/// What the fields say about the message's end, before they are weighed against each other.
struct Head::Framing {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  int credentials = 0;
  int cookies = 0;
  bool unknown_coding = false;
  bool close = false;
  bool keep_alive = false;
};

bool equalsIgnoringCase(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lowered(text[i]) != lower[i]) {
      return false;
    }
  }
  return true;
}

bool isToken(std::string_view text) noexcept { return !text.empty() && all(text, Tokens); }
bool isFieldValue(std::string_view text) noexcept { return all(text, Values); }

HeadEnd findHeadEnd(std::string_view bytes, std::size_t scanned,
                    const HeadLimits& limits) noexcept {
  std::size_t at = scanned;
  while ((at = bytes.find('\n', at)) != std::string_view::npos) {
    if (at == 0 || bytes[at - 1] != '\r') {
      return {0, &refusal::LineEnd};
    }
    if (at + 1 > limits.head) {
      break;
    }
    if (at >= 3 && bytes[at - 2] == '\n') {
      return {at + 1, nullptr};
    }
    ++at;
  }
  if (bytes.size() > limits.target + 64 &&
      bytes.substr(0, limits.target + 64).find('\n') == std::string_view::npos) {
    return {0, &refusal::TargetTooLong};
  }
  if (bytes.size() > limits.head) {
    return {0, &refusal::HeadTooLarge};
  }
  return {};
}

void Head::clear() noexcept {
  bytes_.clear();
  method_ = path_ = query_ = host_ = Span{};
  field_count_ = 0;
  content_length_ = -1;
  minor_ = 1;
  absolute_ = chunked_ = expect_continue_ = false;
  keep_alive_ = true;
}

Head::Span Head::span(std::string_view part) const noexcept {
  return {static_cast<std::uint32_t>(part.data() - bytes_.data()),
          static_cast<std::uint32_t>(part.size())};
}

std::string_view Head::find(std::string_view lower_name) const noexcept {
  for (std::size_t i = 0; i < field_count_; ++i) {
    if (fields_[i].name.size == lower_name.size() && equalsIgnoringCase(fieldName(i), lower_name)) {
      return fieldValue(i);
    }
  }
  return {};
}

const Refusal* Head::parse(std::string_view bytes, const HeadLimits& limits) {
  clear();
  bytes_.assign(bytes);
  std::string_view rest(bytes_);
  const auto line_end = rest.find("\r\n");
  if (line_end == std::string_view::npos) {
    const auto* refused = parseRequestLine(rest, limits);
    return refused == nullptr ? &refusal::RequestLine : refused;
  }
  if (const auto* refused = parseRequestLine(rest.substr(0, line_end), limits)) {
    return refused;
  }
  rest.remove_prefix(line_end + 2);
  Framing framing;
  while (true) {
    const auto end = rest.find("\r\n");
    if (end == std::string_view::npos) {
      return &refusal::Field;
    }
    if (end == 0) {
      return conclude(framing);
    }
    if (const auto* refused = parseField(rest.substr(0, end), framing, limits)) {
      return refused;
    }
    rest.remove_prefix(end + 2);
  }
}

const Refusal* Head::parseRequestLine(std::string_view line, const HeadLimits& limits) noexcept {
  const auto first = line.find(' ');
  if (first == std::string_view::npos || first > 32 || !isToken(line.substr(0, first))) {
    return &refusal::RequestLine;
  }
  method_ = span(line.substr(0, first));
  line.remove_prefix(first + 1);
  const auto second = line.find(' ');
  const std::string_view target = line.substr(0, second);
  path_ = span(soundPath(target));
  if (target.size() > limits.target) {
    return &refusal::TargetTooLong;
  }
  if (second == std::string_view::npos) {
    return &refusal::RequestLine;
  }
  const std::string_view version = line.substr(second + 1);
  const auto digit = [&](std::size_t i) { return version[i] >= '0' && version[i] <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(5) || version[6] != '.' ||
      !digit(7)) {
    return &refusal::RequestLine;
  }
  if (const auto* refused = parseTarget(target)) {
    return refused;
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return &refusal::Version;
  }
  minor_ = version[7] - '0';
  return nullptr;
}

const Refusal* Head::parseTarget(std::string_view target) noexcept {
  if (target.empty() || !all(target, Targets)) {
    return &refusal::Target;
  }
  if (target == "*") {
    path_ = span(target);
    return method() == "OPTIONS" ? nullptr : &refusal::Target;
  }
  if (method() == "CONNECT") {
    return isAuthority(target) ? nullptr : &refusal::Target;
  }
  std::string_view slash;  // the path of an absolute target that has none (RFC 9110, section 4.2.3)
  if (target.front() != '/') {
    const bool plain = equalsIgnoringCase(target.substr(0, 7), "http://");
    if (!plain && !equalsIgnoringCase(target.substr(0, 8), "https://")) {
      return &refusal::Target;
    }
    target.remove_prefix(plain ? 6 : 7);
    slash = target.substr(0, 1);
    target.remove_prefix(1);
    const auto end = target.find_first_of("/?");
    const std::string_view authority = target.substr(0, end);
    if (!isAuthority(authority)) {
      return &refusal::Target;
    }
    host_ = span(authority);
    absolute_ = true;
    target.remove_prefix(authority.size());
  }
  const auto mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  path_ = span(path.empty() ? slash : path);
  query_ = mark == std::string_view::npos ? Span{} : span(target.substr(mark + 1));
  return nullptr;
}

const Refusal* Head::parseField(std::string_view line, Framing& framing,
                                const HeadLimits& limits) noexcept {
  const auto colon = line.find(':');
  // A line that starts with a blank continues the one before (obs-fold): no token starts so either.
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
    return &refusal::Field;
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = unpadded(line.substr(colon + 1));
  if (!isFieldValue(value)) {
    return &refusal::Field;
  }
  if (name.size() > 256 || field_count_ >= limits.fields || field_count_ >= MaxFields) {
    return &refusal::HeadTooLarge;
  }
  fields_[field_count_++] = {span(name), span(value)};
  return interpret(name, value, framing);
}

const Refusal* Head::interpret(std::string_view name, std::string_view value,
                               Framing& framing) noexcept {
  switch (name.size()) {
    case 4:
      if (equalsIgnoringCase(name, "host")) {
        if (++framing.hosts > 1 || !isAuthority(value)) {
          return &refusal::Host;
        }
        if (!absolute_) {
          host_ = span(value);
        }
      }
      return nullptr;
    case 6:
      if (equalsIgnoringCase(name, "expect")) {
        if (!equalsIgnoringCase(value, "100-continue")) {
          return &refusal::Expectation;
        }
        expect_continue_ = minor_ > 0;
      } else if (equalsIgnoringCase(name, "cookie") && ++framing.cookies > 1) {
        return &refusal::Cookies;
      }
      return nullptr;
    case 10:
      if (equalsIgnoringCase(name, "connection")) {
        eachElement(value, [&](std::string_view option) {
          framing.close = framing.close || equalsIgnoringCase(option, "close");
          framing.keep_alive = framing.keep_alive || equalsIgnoringCase(option, "keep-alive");
        });
      }
      return nullptr;
    case 13:
      // Not framing, but whose credential would be taken would be a guess; Cookie above likewise.
      if (equalsIgnoringCase(name, "authorization") && ++framing.credentials > 1) {
        return &refusal::Credentials;
      }
      return nullptr;
    case 14:
      if (equalsIgnoringCase(name, "content-length")) {
        // 18 digits are below 2^63, so the sum cannot overflow.
        if (++framing.lengths > 1 || value.empty() || value.size() > 18) {
          return &refusal::Length;
        }
        content_length_ = 0;
        for (const char c : value) {
          if (c < '0' || c > '9') {
            return &refusal::Length;
          }
          content_length_ = content_length_ * 10 + (c - '0');
        }
      }
      return nullptr;
    case 17:
      if (equalsIgnoringCase(name, "transfer-encoding")) {
        eachElement(value, [&](std::string_view coding) {
          ++framing.codings;
          framing.unknown_coding = framing.unknown_coding || !equalsIgnoringCase(coding, "chunked");
        });
      }
      return nullptr;
    default:
      return nullptr;
  }
}

const Refusal* Head::conclude(const Framing& framing) noexcept {
  if (framing.hosts == 0 && minor_ > 0) {
    return &refusal::Host;
  }
  if (framing.codings > 0) {
    if (framing.lengths > 0 || minor_ == 0) {
      return &refusal::Framing;
    }
    if (framing.unknown_coding) {
      return &refusal::Coding;
    }
    if (framing.codings > 1) {
      return &refusal::Framing;
    }
    chunked_ = true;
  }
  keep_alive_ = !framing.close && (minor_ > 0 || framing.keep_alive);
  return nullptr;
}

}  // namespace reeld::http::engine
