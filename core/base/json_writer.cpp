#include "base/json_writer.h"

#include "base/json.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace reeld {

namespace {

/// Whether one of the eight bytes is escaped in JSON.
bool isEscaped(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t Each = 0x0101'0101'0101'0101;
  constexpr std::uint64_t High = Each * 0x80;
  const auto holds = [&](unsigned char searched) {
    const std::uint64_t zero_if_found = bytes ^ (Each * searched);
    return (zero_if_found - Each) & ~zero_if_found & High;
  };
  const std::uint64_t control = (bytes - Each * 0x20) & ~bytes & High;
  return (control | holds('"') | holds('\\')) != 0;
}

template <class Word>
Word copyWord(char* to, const char* from) noexcept {
  Word word = 0;
  std::memcpy(&word, from, sizeof(word));
  std::memcpy(to, &word, sizeof(word));
  return word;
}

/// False if something of it is escaped in JSON; then what was copied is of no use.
bool copyPlain(char* to, std::string_view from) noexcept {
  const std::size_t size = from.size();
  if (size >= sizeof(std::uint64_t)) {
    const std::size_t last = size - sizeof(std::uint64_t);
    bool is_escaped = false;
    for (std::size_t at = 0; at < last; at += sizeof(std::uint64_t)) {
      is_escaped |= isEscaped(copyWord<std::uint64_t>(to + at, from.data() + at));
    }
    return !(is_escaped | isEscaped(copyWord<std::uint64_t>(to + last, from.data() + last)));
  }
  if (size >= sizeof(std::uint32_t)) {
    const std::size_t last = size - sizeof(std::uint32_t);
    const std::uint64_t first = copyWord<std::uint32_t>(to, from.data());
    return !isEscaped(first << 32 | copyWord<std::uint32_t>(to + last, from.data() + last));
  }
  return std::all_of(from.begin(), from.end(), [&](char c) {
    *to++ = c;
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  });
}

}  // namespace

JsonWriter::JsonWriter(std::size_t expected)
    : text_(std::make_unique_for_overwrite<char[]>(expected)), room_(expected) {}

void JsonWriter::grow(std::size_t most) {
  const std::size_t room = std::max(3 * room_, size_ + most);
  auto text = std::make_unique_for_overwrite<char[]>(room);
  std::copy(text_.get(), text_.get() + size_, text.get());
  text_ = std::move(text);
  room_ = room;
}

template <class Write>
JsonWriter& JsonWriter::addByLibrary(const char* at, Write&& write) {
  end(at);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write(writer);
  const std::string_view written(buffer.GetString(), buffer.GetSize());
  return end(std::copy(written.begin(), written.end(), room(written.size())));
}

JsonWriter& JsonWriter::key(std::string_view name) { return value(name).addMark(':'); }

JsonWriter& JsonWriter::value(std::int64_t v) {
  constexpr std::size_t MostDigits = 20;
  char* const at = begin(MostDigits);
  return end(std::to_chars(at, at + MostDigits, v).ptr);
}

JsonWriter& JsonWriter::value(double v) {
  return addByLibrary(begin(0), [&](auto& writer) { writer.Double(v); });
}

JsonWriter& JsonWriter::value(std::string_view v) {
  char* const at = begin(v.size() + 2);
  if (!copyPlain(at + 1, v)) {
    return addByLibrary(at, [&](auto& writer) {
      writer.String(v.data(), static_cast<rapidjson::SizeType>(v.size()));
    });
  }
  at[0] = '"';
  at[v.size() + 1] = '"';
  return end(at + v.size() + 2);
}

JsonWriter& JsonWriter::value(const Json& v) {
  struct Printer {
    JsonWriter& out;
    void operator()(std::nullptr_t) { out.null(); }
    void operator()(bool b) { out.value(b); }
    void operator()(std::int64_t i) { out.value(i); }
    void operator()(double d) { out.value(d); }
    void operator()(const std::string& s) { out.value(std::string_view(s)); }
    void operator()(const Json::Array& items) {
      out.beginArray();
      for (const auto& item : items) {
        out.value(item);
      }
      out.endArray();
    }
    void operator()(const Json::Object& members) {
      out.beginObject();
      for (const auto& [name, member] : members) {
        out.key(name).value(member);
      }
      out.endObject();
    }
  };
  std::visit(Printer{*this}, v.value());
  return *this;
}

std::string JsonWriter::take() {
  std::string text(view());
  size_ = 0;
  return text;
}

}  // namespace reeld
