#include "leftover.h"

#include "json_members.h"

#include <rapidjson/document.h>
#include <reeld/cpp/contain.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

using reeld::sdk::Failure;

namespace audit_trail {

namespace {

/// One row of Entry::Columns as an array of texts and nulls.
void writeRow(Json& json, const Entry& entry) {
  const auto text = [&](const std::string& value) {
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  const auto number = [&](std::int64_t value) { text(std::to_string(value)); };
  const auto maybe = [&](const SqlValue& value) { value ? text(*value) : (void)json.Null(); };
  json.StartArray();
  number(entry.boot);
  number(entry.seq);
  number(entry.at);
  entry.user_id ? number(*entry.user_id) : (void)json.Null();
  text(entry.action);
  maybe(entry.resource);
  text(entry.method);
  text(entry.endpoint);
  text(entry.ip_address);
  number(entry.status);
  text(entry.request_id);
  number(entry.duration_us);
  number(entry.count);
  maybe(entry.detail);
  maybe(entry.event_id);
  text(entry.prev);
  text(entry.mac);
  json.EndArray();
}

std::string printedRows(const std::vector<Entry>& entries) {
  rapidjson::StringBuffer text;
  Json json(text);
  json.StartArray();
  for (const Entry& entry : entries) {
    writeRow(json, entry);
  }
  json.EndArray();
  return {text.GetString(), text.GetSize()};
}

std::vector<Entry> parsedRows(const std::string& text) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  std::vector<Entry> entries;
  for (const auto& values : json.GetArray()) {
    SqlRow row;
    for (const auto& value : values.GetArray()) {
      row.push_back(value.IsNull()
                        ? SqlValue()
                        : SqlValue(std::string(value.GetString(), value.GetStringLength())));
    }
    entries.push_back(Entry::of(std::move(row)));
  }
  return entries;
}

/// Durable, or not there.
void writeFile(const std::string& path, const std::string& text) {
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  std::size_t written = 0;
  while (file >= 0 && written < text.size()) {
    const ssize_t some = ::write(file, text.data() + written, text.size() - written);
    if (some < 0 && errno != EINTR) {
      break;
    }
    written += some > 0 ? static_cast<std::size_t>(some) : 0;
  }
  const bool is_whole = file >= 0 && written == text.size() && ::fsync(file) == 0;
  if (file >= 0) {
    ::close(file);
  }
  if (!is_whole) {
    ::unlink(path.c_str());
    throw Failure(REELD_EXHAUSTED, "cannot write " + path);
  }
}

void syncFolderOf(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/'));
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file >= 0) {
    ::fsync(file);
    ::close(file);
  }
}

}  // namespace

Leftover::Leftover(const std::string& folder, const MacKey& key)
    : path_(folder + "/leftover"), key_(key) {}

void Leftover::keep(std::vector<Entry> entries) const {
  for (Entry& entry : entries) {
    if (!entry.event_id) {
      // The seal is of this record alone, so no other has the name.
      entry.event_id = "left-" + entry.mac;
    }
  }
  const std::string rows = printedRows(entries);
  const std::string half = path_ + ".half";
  writeFile(half, key_.mac(rows) + "\n" + rows);
  if (std::rename(half.c_str(), path_.c_str()) != 0) {
    throw Failure(REELD_INTERNAL, "cannot write " + path_);
  }
  syncFolderOf(path_);
}

std::vector<Entry> Leftover::read() const {
  errno = 0;
  std::ifstream file(path_, std::ios::binary);
  if (!file) {
    if (errno != ENOENT) {
      throw Failure(REELD_INTERNAL, "cannot read " + path_);
    }
    return {};
  }
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  const std::string rows = text.size() > MacKey::TextSize ? text.substr(MacKey::TextSize + 1) : "";
  if (text.substr(0, MacKey::TextSize + 1) != key_.mac(rows) + "\n") {
    std::rename(path_.c_str(), (path_ + ".broken").c_str());
    throw Failure(REELD_CORRUPT,
                  "what the last end left unstored is not as it was written: it is in " + path_ +
                      ".broken, and not in the trail");
  }
  return parsedRows(rows);
}

void Leftover::forget() const noexcept { ::unlink(path_.c_str()); }

}  // namespace audit_trail
