// See subtitle_text.h.
#include "subtitle_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

extern "C" {
#include <libavutil/avstring.h>
}

namespace reeld::libav {
namespace {

constexpr std::size_t MostTextBytes = 4096;
constexpr int FieldsBeforeText = 8;
constexpr std::string_view Replacement = "\xef\xbf\xbd";
constexpr std::string_view HardSpace = "\xc2\xa0";

struct Style {
  bool italic = false;
  bool bold = false;
  bool underlined = false;
  bool operator==(const Style&) const = default;
};

// Builds the payload. Tags are written when something is shown in them, so none is empty, and each
// change closes all of them, so they nest.
class Payload {
 public:
  Style style;
  bool drawing = false;  ///< what comes is a shape in numbers

  void show(std::string_view character) {
    if (drawing || is_full_) {
      return;
    }
    is_full_ = text_.size() + character.size() > MostTextBytes;
    if (is_full_) {
      return;
    }
    // A blank line would end the cue, and a line begins with what is seen.
    if (line_breaks_ > 0 && !text_.empty()) {
      text_ += '\n';
    }
    line_breaks_ = 0;
    restyle(style);
    text_ += character;
    is_visible_ = is_visible_ || (character != " " && character != HardSpace);
  }
  void breakLine() { line_breaks_ += drawing ? 0 : 1; }
  bool atLineStart() const noexcept { return text_.empty() || line_breaks_ > 0; }
  std::string take() {
    restyle({});
    return is_visible_ ? std::move(text_) : std::string();
  }

 private:
  void restyle(Style wanted) {
    if (wanted == written_) {
      return;
    }
    for (auto tag = open_.rbegin(); tag != open_.rend(); ++tag) {
      text_ += std::string("</") + *tag + ">";
    }
    open_.clear();
    for (const auto& [on, tag] : {std::pair(wanted.italic, 'i'), std::pair(wanted.bold, 'b'),
                                  std::pair(wanted.underlined, 'u')}) {
      if (on) {
        text_ += std::string("<") + tag + ">";
        open_.push_back(tag);
      }
    }
    written_ = wanted;
  }

  std::string text_;
  Style written_;
  std::vector<char> open_;
  int line_breaks_ = 0;
  bool is_full_ = false;
  bool is_visible_ = false;
};

int numberOf(std::string_view digits) {
  int value = 0;
  for (const char c : digits.substr(0, 6)) {
    if (c < '0' || c > '9') {
      break;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

bool startsNumber(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

// One tag without its backslash: "i1", "an8", "pos(1,2)". Most say how it looks, and go.
void apply(std::string_view tag, Payload& payload, bool& at_top) {
  if (tag.starts_with("an") && startsNumber(tag.substr(2))) {
    const int place = numberOf(tag.substr(2));
    at_top = place >= 7 && place <= 9;
  } else if (tag.starts_with("r")) {
    payload.style = {};
  } else if (tag.starts_with("i") && startsNumber(tag.substr(1))) {
    payload.style.italic = tag[1] != '0';
  } else if (tag.starts_with("u") && startsNumber(tag.substr(1))) {
    payload.style.underlined = tag[1] != '0';
  } else if (tag.starts_with("b") && startsNumber(tag.substr(1))) {
    // 1, or a weight.
    const int weight = numberOf(tag.substr(1));
    payload.style.bold = weight == 1 || weight >= 600;
  } else if (tag.starts_with("p") && startsNumber(tag.substr(1))) {
    payload.drawing = numberOf(tag.substr(1)) > 0;
  }
}

void applyAll(std::string_view block, Payload& payload, bool& at_top) {
  for (auto at = block.find('\\'); at != std::string_view::npos;) {
    const auto next = block.find('\\', at + 1);
    apply(block.substr(at + 1, next == std::string_view::npos ? next : next - at - 1), payload,
          at_top);
    at = next;
  }
}

std::string_view textOf(std::string_view line) {
  for (int field = 0; field < FieldsBeforeText; ++field) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) {
      return {};
    }
    line.remove_prefix(comma + 1);
  }
  return line;
}

void showCode(std::int32_t code, std::string_view bytes, Payload& payload) {
  switch (code) {
    case '&':
      payload.show("&amp;");
      break;
    case '<':
      payload.show("&lt;");
      break;
    case '>':
      payload.show("&gt;");
      break;
    case '\t':
    case ' ':
      if (!payload.atLineStart()) {
        payload.show(" ");
      }
      break;
    default:
      // Controls have no look; the separators of lines and paragraphs are taken for an end by some.
      if (code >= 0x20 && (code < 0x7f || code > 0x9f) && code != 0x2028 && code != 0x2029 &&
          code != 0xfeff) {
        payload.show(bytes);
      }
  }
}

// A backslash and what follows it; how many bytes that is.
std::size_t showEscape(std::string_view text, Payload& payload) {
  const char next = text.size() > 1 ? text[1] : '\0';
  switch (next) {
    case 'N':
    case 'n':
      payload.breakLine();
      return 2;
    case 'h':
      payload.show(HardSpace);
      return 2;
    case '{':
    case '}':
    case '\\':
      payload.show(text.substr(1, 1));
      return 2;
    default:
      payload.show("\\");
      return 1;
  }
}

std::size_t showCharacter(std::string_view text, Payload& payload) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::uint8_t* at = begin;
  std::int32_t code = 0;
  if (av_utf8_decode(&code, &at, begin + text.size(), AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0) {
    payload.show(Replacement);
    return 1;
  }
  const auto size = static_cast<std::size_t>(at - begin);
  if (code == '\n') {
    payload.breakLine();
  } else {
    showCode(code, text.substr(0, size), payload);
  }
  return size;
}

}  // namespace

SubtitleText subtitleText(std::string_view line) {
  std::string_view text = textOf(line);
  Payload payload;
  SubtitleText made;
  while (!text.empty()) {
    const auto end = text.front() == '{' ? text.find('}') : std::string_view::npos;
    if (end != std::string_view::npos) {
      applyAll(text.substr(1, end - 1), payload, made.at_top);
      text.remove_prefix(end + 1);
    } else if (text.front() == '\\') {
      text.remove_prefix(showEscape(text, payload));
    } else {
      text.remove_prefix(showCharacter(text, payload));
    }
  }
  made.text = payload.take();
  return made;
}

}  // namespace reeld::libav
