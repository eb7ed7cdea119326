// JSON out: RapidJSON's writer, fed with text from files that may be anything but UTF-8.
#pragma once
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

extern "C" {
#include <libavutil/rational.h>
}

namespace reeld::libav {

/// UTF-8 without control characters; a byte that is no UTF-8 becomes '?'. At most 200 bytes.
std::string cleanText(std::string_view text);

class JsonText {
 public:
  JsonText() : writer_(buffer_) {}
  JsonText& begin() { return writer_.StartObject(), *this; }
  JsonText& end() { return writer_.EndObject(), *this; }
  JsonText& beginList(const char* name) { return key(name), writer_.StartArray(), *this; }
  JsonText& endList() { return writer_.EndArray(), *this; }
  JsonText& key(const char* name) { return writer_.Key(name), *this; }
  JsonText& null(const char* name) { return key(name), writer_.Null(), *this; }
  JsonText& number(const char* name, std::int64_t v) { return key(name), writer_.Int64(v), *this; }
  JsonText& flag(const char* name, bool v) { return key(name), writer_.Bool(v), *this; }
  JsonText& text(const char* name, std::string_view v) {
    const std::string clean = cleanText(v);
    key(name);
    writer_.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
    return *this;
  }
  JsonText& numbers(const char* name, std::span<const std::int64_t> values) {
    beginList(name);
    for (const std::int64_t value : values) {
      writer_.Int64(value);
    }
    return endList();
  }
  JsonText& ratio(const char* name, AVRational v) {
    beginList(name);
    writer_.Int(v.num);
    writer_.Int(v.den);
    return endList();
  }
  std::string take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace reeld::libav
