#include "entry.h"

#include <algorithm>
#include <charconv>

namespace audit_trail {

namespace {

constexpr std::int64_t PerBoot = 10'000'000'000;
constexpr std::string_view Ellipsis = "…";
/// Tokens are longer; words that people type as a part of a path are not.
constexpr std::size_t LongestWord = 20;

std::optional<std::int64_t> parsedNumber(const SqlValue& value) {
  std::int64_t parsed = 0;
  if (!value ||
      std::from_chars(value->data(), value->data() + value->size(), parsed).ec != std::errc()) {
    return std::nullopt;
  }
  return parsed;
}

/// The size of the UTF-8 sequence that begins there, 0 if none does.
std::size_t sequenceAt(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80                    ? 1
                           : first >= 0xc2 && first < 0xe0 ? 2
                           : first >= 0xe0 && first < 0xf0 ? 3
                           : first >= 0xf0 && first < 0xf5 ? 4
                                                           : 0;
  if (size == 0 || size > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) {
      return 0;
    }
  }
  // Overlong forms, surrogates and what is beyond Unicode.
  const bool is_wrong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) >= 0xa0) ||
                        (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) >= 0x90);
  return is_wrong ? 0 : size;
}

/// UTF-8 without control characters: every other byte as %XX.
std::string printable(std::string_view text) {
  constexpr std::string_view Hex = "0123456789ABCDEF";
  std::string out;
  const auto isPlain = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (std::all_of(text.begin(), text.end(), isPlain)) {
    out.assign(text);
    return out;
  }
  while (!text.empty()) {
    const std::size_t size = sequenceAt(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (size == 0 || byte < 0x20 || byte == 0x7f) {
      out.append(1, '%').append(1, Hex[byte >> 4]).append(1, Hex[byte & 15]);
      text.remove_prefix(1);
    } else {
      out.append(text.substr(0, size));
      text.remove_prefix(size);
    }
  }
  return out;
}

std::string withoutLongWords(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto slash = path.find('/', 1);
    const std::string_view part = path.substr(0, slash);
    if (part.size() > LongestWord + 1) {
      out.append(part.starts_with('/') ? "/" : "").append(Ellipsis);
    } else {
      out.append(part);
    }
    path.remove_prefix(part.size());
  }
  return out;
}

void addMaybe(Fields& fields, const SqlValue& value) {
  if (value) {
    fields.add(*value);
  } else {
    fields.addNothing();
  }
}

}  // namespace

std::int64_t Entry::id() const noexcept { return boot * PerBoot + seq; }

std::string Entry::sealedBy(const MacKey& key) const {
  thread_local Fields fields;
  fields.clear();
  fields.add("record").add(boot).add(seq).add(at);
  if (user_id) {
    fields.add(*user_id);
  } else {
    fields.addNothing();
  }
  fields.add(action);
  addMaybe(fields, resource);
  fields.add(method).add(endpoint).add(ip_address).add(status).add(request_id).add(duration_us);
  fields.add(count);
  addMaybe(fields, detail);
  addMaybe(fields, event_id);
  fields.add(prev);
  return key.mac(fields.view());
}

Entry Entry::of(SqlRow row) {
  Entry entry;
  std::size_t next = 0;
  const auto integer = [&] { return parsedNumber(row.at(next++)).value_or(0); };
  const auto text = [&] { return std::move(row.at(next++)).value_or(""); };
  const auto maybe = [&] { return std::move(row.at(next++)); };
  entry.boot = integer();
  entry.seq = integer();
  entry.at = integer();
  entry.user_id = parsedNumber(row.at(next++));
  entry.action = text();
  entry.resource = maybe();
  entry.method = text();
  entry.endpoint = text();
  entry.ip_address = text();
  entry.status = integer();
  entry.request_id = text();
  entry.duration_us = integer();
  entry.count = integer();
  entry.detail = maybe();
  entry.event_id = maybe();
  entry.prev = text();
  entry.mac = text();
  return entry;
}

std::string printedPath(std::string_view path, bool is_unmatched, bool is_cut) {
  std::string text = printable(path);
  if (is_unmatched) {
    text = withoutLongWords(text);
  }
  if (is_cut && !text.ends_with(Ellipsis)) {
    text += Ellipsis;
  }
  return text;
}

Entry entryOf(const Record& record) {
  Entry entry;
  entry.at = record.ended_ms;
  if (record.user_id != 0) {
    entry.user_id = record.user_id;
  }
  entry.method = printable(record.method.view());
  std::string_view path = record.path.view();
  if (record.path.isCut()) {
    // Not in the middle of a character.
    while (!path.empty() && (static_cast<unsigned char>(path.back()) & 0xc0) == 0x80) {
      path.remove_suffix(1);
    }
    if (!path.empty() && static_cast<unsigned char>(path.back()) >= 0xc0) {
      path.remove_suffix(1);
    }
  }
  entry.endpoint = printedPath(path, record.is_unmatched, record.path.isCut());
  entry.ip_address = printable(record.peer.view());
  entry.status = record.status;
  entry.request_id = printable(record.request_id.view());
  entry.duration_us = record.duration_us;
  return entry;
}

}  // namespace audit_trail
