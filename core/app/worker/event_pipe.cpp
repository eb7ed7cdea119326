#include "app/worker/event_pipe.h"

#include <unistd.h>

#include <cerrno>

namespace reeld::app::worker {

namespace {
std::string_view text(reeld_str value) { return {value.data, value.size}; }
}  // namespace

void EventPipe::send(JsonWriter& json) {
  std::string line = json.take();
  line += '\n';
  const std::lock_guard lock(mutex_);
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t size = write(fd_, line.data() + sent, line.size() - sent);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0) {
      return;  // the daemon is gone; so are we, soon
    }
    sent += static_cast<std::size_t>(size);
  }
}

void EventPipe::sandbox(Json layers) {
  layers.set("event", "sandbox");
  JsonWriter json;
  json.value(layers);
  send(json);
}

void EventPipe::log(int level, std::string_view line) {
  JsonWriter json;
  json.beginObject().member("event", "log").member("level", level).member("text", line).endObject();
  send(json);
}

void EventPipe::progress(std::uint32_t permille) {
  JsonWriter json;
  json.beginObject().member("event", "progress");
  json.member("permille", static_cast<std::int64_t>(permille)).endObject();
  send(json);
}

void EventPipe::segment(const reeld_segment& made) {
  JsonWriter json;
  json.beginObject().member("event", "segment");
  json.member("rendition", text(made.rendition)).member("format", text(made.format));
  json.member("path", text(made.path)).member("index", static_cast<std::int64_t>(made.index));
  json.member("start_us", made.start_us).member("duration_us", made.duration_us);
  json.member("bytes", static_cast<std::int64_t>(made.bytes));
  json.member("frames", static_cast<std::int64_t>(made.frames)).endObject();
  send(json);
}

void EventPipe::artifact(std::string_view kind, std::string_view path) {
  JsonWriter json;
  json.beginObject()
      .member("event", "artifact")
      .member("kind", kind)
      .member("path", path)
      .endObject();
  send(json);
}

void EventPipe::facts(Json found) {
  JsonWriter json;
  json.beginObject().member("event", "facts").member("facts", found).endObject();
  send(json);
}

void EventPipe::done() {
  JsonWriter json;
  json.beginObject().member("event", "done").endObject();
  send(json);
}

void EventPipe::failed(ErrorCode status, std::string_view message) {
  JsonWriter json;
  json.beginObject().member("event", "failed").member("status", static_cast<int>(status));
  json.member("message", message).endObject();
  send(json);
}

}  // namespace reeld::app::worker
