#include "notify/mime.h"

#include "base/error.h"
#include "base/utf8.h"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <array>

namespace reeld::notify {

namespace {

constexpr std::string_view LineEnd = "\r\n";
constexpr std::size_t MaxLine = 76;  // of quoted-printable and of folded headers
constexpr std::size_t MaxWord = 75;  // an encoded word with its frame
constexpr std::string_view WordOpens = "=?UTF-8?Q?";
constexpr std::string_view WordCloses = "?=";

bool isControl(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool isPlain(char c) noexcept { return c >= ' ' && c <= '~'; }
bool isContinuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

std::string hex(char c) {
  constexpr std::string_view Digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'=', Digits[byte >> 4U], Digits[byte & 0xfU]};
}

/// One line without its end, in as many lines as it takes.
void appendLine(std::string& out, std::string_view line) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    const bool blank = c == ' ' || c == '\t';
    // A blank at the end would be cut off on the way.
    const bool literal = (blank && !last) || (isPlain(c) && !blank && c != '=');
    std::string piece = literal ? std::string(1, c) : hex(c);
    // Room is kept for the "=" of a soft break, except where the line ends anyway.
    if (used + piece.size() > MaxLine - (last ? 0 : 1)) {
      out.append("=").append(LineEnd);
      used = 0;
    }
    // Mail servers take a dot at the beginning for their own, mailboxes escape "From ".
    if (used == 0 && (c == '.' || line.substr(i).starts_with("From "))) {
      piece = hex(c);
    }
    out += piece;
    used += piece.size();
  }
  out.append(LineEnd);
}

void requireHeaderText(std::string_view name, std::string_view value) {
  if (std::any_of(value.begin(), value.end(), isControl)) {
    throw Error(ErrorCode::Invalid,
                "the mail's " + std::string(name) + " has a control character in it");
  }
  if (!utf8Length(value)) {
    throw Error(ErrorCode::Invalid, "the mail's " + std::string(name) + " is not UTF-8");
  }
}

/// A byte of an encoded word; what stays literal is safe in any header (RFC 2047, section 5).
std::string inWord(char c) {
  const bool literal = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("!*+-/").find(c) != std::string_view::npos;
  return literal ? std::string(1, c) : c == ' ' ? "_" : hex(c);
}

/// Encoded words, one per line; no character is cut in two.
std::string encodedWords(std::string_view value, std::size_t first_room) {
  std::string out(WordOpens);
  std::size_t used = WordOpens.size() + WordCloses.size();
  std::size_t room = first_room;
  for (std::size_t i = 0; i < value.size();) {
    std::string piece = inWord(value[i++]);
    while (i < value.size() && isContinuation(value[i])) {
      piece += inWord(value[i++]);
    }
    if (used + piece.size() > room) {
      out.append(WordCloses).append(LineEnd).append(" ").append(WordOpens);
      used = WordOpens.size() + WordCloses.size();
      room = MaxWord;
    }
    out += piece;
    used += piece.size();
  }
  return out.append(WordCloses);
}

std::string headerText(std::string_view name, std::string_view value) {
  const std::size_t room = MaxLine - std::min(MaxLine, name.size() + 2);
  const bool plain = std::all_of(value.begin(), value.end(), isPlain) && value.size() <= room &&
                     value.find("=?") == std::string_view::npos;
  return plain ? std::string(value) : encodedWords(value, std::min(room, MaxWord));
}

}  // namespace

std::string quotedPrintable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    appendLine(out, line);
  }
  return out;
}

std::string headerField(std::string_view name, std::string_view value) {
  requireHeaderText(name, value);
  std::string out(name);
  return out.append(": ").append(headerText(name, value)).append(LineEnd);
}

std::string addressField(std::string_view name, std::string_view display_name,
                         std::string_view address) {
  requireHeaderText(name, display_name);
  requireHeaderText(name, address);
  if (address.empty() || address.find_first_of(" <>,;:\"()[]\\") != std::string_view::npos) {
    throw Error(ErrorCode::Invalid,
                "the mail's " + std::string(name) + " is no address that a header can hold");
  }
  std::string out(name);
  out.append(": ");
  if (!display_name.empty()) {
    // Always encoded: no need to know which characters a phrase must quote. The address follows on
    // a line of its own.
    out.append(encodedWords(display_name, MaxLine - name.size() - 2)).append(LineEnd).append(" ");
  }
  return out.append("<").append(address).append(">").append(LineEnd);
}

std::string mailDate(EpochMs time) {
  return Poco::DateTimeFormatter::format(Poco::Timestamp(time * 1000),
                                         "%w, %d %b %Y %H:%M:%S +0000");
}

}  // namespace reeld::notify
