#include "processing/worker_events.h"

#include <algorithm>

namespace reeld::processing {

namespace {

constexpr std::size_t MaxMessage = 400;

[[noreturn]] void refuseEvent(const std::string& what) {
  throw Error(ErrorCode::Corrupt, "the encoder's process sent " + what).reason("crashed");
}

const Json& eventMember(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) {
    refuseEvent("an event without \"" + std::string(name) + "\"");
  }
  return *found;
}

std::int64_t number(const Json& json, std::string_view name, std::int64_t high) {
  const std::int64_t value = eventMember(json, name).integer();
  if (value < 0 || value > high) {
    refuseEvent("an impossible \"" + std::string(name) + "\"");
  }
  return value;
}

/// Text that may be shown: no control characters, not endless.
std::string plainText(const Json& json, std::string_view name) {
  std::string text = eventMember(json, name).text().substr(0, MaxMessage);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
  return text;
}

std::string path(const Json& json) {
  const std::string& text = eventMember(json, "path").text();
  if (!isTaskPath(text)) {
    refuseEvent("a path that leaves its folder");
  }
  return text;
}

MadeSegment segment(const Json& json) {
  constexpr std::int64_t Year = std::int64_t{366} * 24 * 3600 * 1'000'000;
  MadeSegment made;
  made.rendition = eventMember(json, "rendition").text();
  made.format = eventMember(json, "format").text();
  made.path = path(json);
  made.index = static_cast<std::uint32_t>(number(json, "index", 10'000'000));
  made.start_us = number(json, "start_us", Year);
  made.duration_us = number(json, "duration_us", Year);
  made.bytes = static_cast<std::uint64_t>(number(json, "bytes", std::int64_t{1} << 40));
  made.frames = static_cast<std::uint64_t>(number(json, "frames", std::int64_t{1} << 40));
  return made;
}

FailedEvent failure(const Json& json) {
  const std::int64_t status = eventMember(json, "status").integer();
  const bool known = status > 0 && status < static_cast<std::int64_t>(ErrorCode::Defer);
  return {known ? static_cast<ErrorCode>(status) : ErrorCode::Internal, plainText(json, "message")};
}

WorkerEvent parse(const Json& json) {
  const std::string& kind = eventMember(json, "event").text();
  if (kind == "progress") {
    return ProgressEvent{static_cast<std::uint32_t>(number(json, "permille", 1000))};
  }
  if (kind == "segment") {
    return segment(json);
  }
  if (kind == "artifact") {
    return ArtifactEvent{eventMember(json, "kind").text(), path(json)};
  }
  if (kind == "log") {
    return LogEvent{static_cast<int>(number(json, "level", 7)), plainText(json, "text")};
  }
  if (kind == "facts") {
    return FactsEvent{eventMember(json, "facts")};
  }
  if (kind == "sandbox") {
    return SandboxEvent{json};
  }
  if (kind == "done") {
    return DoneEvent{};
  }
  if (kind == "failed") {
    return failure(json);
  }
  refuseEvent("an unknown event");
}

}  // namespace

WorkerEvent parseWorkerEvent(std::string_view line) {
  try {
    return parse(Json::parse(line));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Corrupt) {
      throw;
    }
    refuseEvent(std::string("an event that cannot be read: ") + error.what());
  }
}

void LineReader::add(std::string_view bytes) {
  buffer_.erase(0, start_);
  start_ = 0;
  buffer_ += bytes;
}

std::optional<std::string> LineReader::next() {
  const auto end = buffer_.find('\n', start_);
  if (end == std::string::npos) {
    if (buffer_.size() - start_ > MaxLine) {
      refuseEvent("a line without end");
    }
    return std::nullopt;
  }
  std::string line = buffer_.substr(start_, end - start_);
  start_ = end + 1;
  return line;
}

bool isTaskPath(std::string_view text) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (text.empty() || text.size() > 200) {
    return false;
  }
  while (true) {
    const std::string_view part = text.substr(0, text.find('/'));
    if (part.empty() || part.front() == '.' || !std::all_of(part.begin(), part.end(), allowed)) {
      return false;
    }
    if (part.size() == text.size()) {
      return true;
    }
    text.remove_prefix(part.size() + 1);
  }
}

}  // namespace reeld::processing
