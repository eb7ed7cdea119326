#include "base/json.h"

#include "base/error.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace reeld {

namespace {

constexpr unsigned ParseFlags = rapidjson::kParseIterativeFlag |
                                rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseNumbersAsStringsFlag;
constexpr std::size_t MaxDepth = 64;
constexpr std::size_t UsualMembers = 8;

/// Receives RapidJSON's events and builds a Json; returning false stops the parse.
class Builder {
 public:
  using Ch = char;
  bool Null() { return put(Json()); }
  bool Bool(bool v) { return put(Json(v)); }
  // With kParseNumbersAsStringsFlag every number comes here, its grammar checked, and none of
  // these.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    std::int64_t integer = 0;
    const auto [end, failure] = std::from_chars(text, text + size, integer);
    if (failure == std::errc() && end == text + size) {
      return put(Json(integer));
    }
    double value = 0;
    if (std::from_chars(text, text + size, value).ec != std::errc()) {
      problem_ = "a number out of range";
      return false;
    }
    return put(Json(value, std::string(text, size)));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return clean(text, size) && put(Json(std::string(text, size)));
  }
  bool StartObject() { return open(Json(Json::Object())); }
  bool StartArray() { return open(Json(Json::Array())); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (!clean(text, size)) {
      return false;
    }
    key_.assign(text, size);
    if (open_.back()->find(key_) != nullptr) {
      problem_ = "duplicate key \"" + key_ + "\"";
      return false;
    }
    return true;
  }
  Json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

 private:
  bool clean(const char* text, std::size_t size) {
    const std::string_view view(text, size);
    if (view.find('\0') != std::string_view::npos) {
      problem_ = "NUL in a string";
    } else if (hasSurrogate(view)) {
      problem_ = "half a surrogate pair in a string";
    }
    return problem_.empty();
  }
  /// RapidJSON validates raw bytes, yet lets a lone \udc00 escape become three bytes that are no
  /// UTF-8.
  static bool hasSurrogate(std::string_view text) {
    for (auto at = text.find('\xed'); at != std::string_view::npos;
         at = text.find('\xed', at + 1)) {
      if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xa0) {
        return true;
      }
    }
    return false;
  }
  Json* place(Json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (auto* array = std::get_if<Json::Array>(&open_.back()->value())) {
      return &array->emplace_back(std::move(value));
    }
    auto& object = std::get<Json::Object>(open_.back()->value());
    return &object.emplace_back(std::move(key_), std::move(value)).second;
  }
  bool put(Json&& value) {
    place(std::move(value));
    return true;
  }
  bool open(Json&& value) {
    if (open_.size() >= MaxDepth) {
      problem_ = "nested deeper than 64";
      return false;
    }
    Json* const placed = place(std::move(value));
    if (auto* object = std::get_if<Json::Object>(&placed->value()); object && open_.empty()) {
      object->reserve(UsualMembers);  // of the outermost alone: a body may hold thousands of others
    }
    open_.push_back(placed);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  // Pointers stay valid: a container grows only while it is the innermost open one.
  std::vector<Json*> open_;
  std::string key_;
  std::string problem_;
};

[[noreturn]] void wrongType(const char* expected) {
  throw Error(ErrorCode::Invalid, std::string("must be ") + expected);
}

template <class T>
const T& as(const Json& json, const char* expected) {
  const T* value = std::get_if<T>(&json.value());
  if (value == nullptr) {
    wrongType(expected);
  }
  return *value;
}

}  // namespace

Json Json::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::Invalid, "not valid JSON: NUL byte");
  }
  rapidjson::MemoryStream memory(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(memory);
  rapidjson::Reader reader;
  Builder builder;
  const auto result = reader.Parse<ParseFlags>(stream, builder);
  if (!result) {
    const std::string why = builder.problem().empty()
                                ? std::string(rapidjson::GetParseError_En(result.Code()))
                                : builder.problem();
    throw Error(ErrorCode::Invalid,
                "not valid JSON: " + why + " (at byte " + std::to_string(result.Offset()) + ")");
  }
  return builder.take();
}

std::string Json::dump() const {
  JsonWriter out;
  out.value(*this);
  return out.take();
}

const Json* Json::find(std::string_view key) const noexcept {
  const auto* object = std::get_if<Object>(&value_);
  if (object != nullptr) {
    for (const auto& [name, value] : *object) {
      if (name == key) {
        return &value;
      }
    }
  }
  return nullptr;
}

void Json::set(std::string_view key, Json value) {
  if (isNull()) {
    value_ = Object();
  }
  if (const Json* found = find(key)) {
    *const_cast<Json*>(found) = std::move(value);
    return;
  }
  auto* object = std::get_if<Object>(&value_);
  if (object == nullptr) {
    wrongType("an object");
  }
  object->emplace_back(std::string(key), std::move(value));
}

std::string Json::numberText() const {
  return isInteger() ? std::to_string(integer()) : number_text_.empty() ? dump() : number_text_;
}

const std::string& Json::text() const { return as<std::string>(*this, "a string"); }
std::int64_t Json::integer() const { return as<std::int64_t>(*this, "an integer"); }
bool Json::boolean() const { return as<bool>(*this, "true or false"); }
const Json::Array& Json::array() const { return as<Array>(*this, "an array"); }
const Json::Object& Json::object() const { return as<Object>(*this, "an object"); }
double Json::number() const {
  return isInteger() ? static_cast<double>(integer()) : as<double>(*this, "a number");
}

namespace {

/// Nothing in it is escaped in JSON. Eight bytes at a time: a list of videos is mostly such text.
bool isPlain(std::string_view text) noexcept {
  constexpr std::uint64_t Each = 0x0101'0101'0101'0101;
  constexpr std::uint64_t High = Each * 0x80;
  const auto holds = [](std::uint64_t bytes, unsigned char searched) {
    const std::uint64_t zero_if_found = bytes ^ (Each * searched);
    return (zero_if_found - Each) & ~zero_if_found & High;
  };
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    const std::uint64_t control = (bytes - Each * 0x20) & ~bytes & High;
    if ((control | holds(bytes, '"') | holds(bytes, '\\')) != 0) {
      return false;
    }
  }
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == '"' || byte == '\\') {
      return false;
    }
  }
  return true;
}

/// RapidJSON's writer, which copies byte by byte, with a way past that for what needs no look.
class CopyingWriter final : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  using Writer::Writer;

  void text(std::string_view text) {
    if (!isPlain(text)) {
      String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
      return;
    }
    Prefix(rapidjson::kStringType);
    char* const room = os_->Push(text.size() + 2);
    room[0] = '"';
    std::copy(text.begin(), text.end(), room + 1);
    room[text.size() + 1] = '"';
  }
  void ready(std::string_view json) {
    Prefix(rapidjson::kNumberType);
    std::copy(json.begin(), json.end(), os_->Push(json.size()));
  }
};

}  // namespace

struct JsonWriter::Impl {
  rapidjson::StringBuffer buffer;
  CopyingWriter writer{buffer};
};

JsonWriter::JsonWriter() : impl_(std::make_unique<Impl>()) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::beginObject() {
  impl_->writer.StartObject();
  return *this;
}
JsonWriter& JsonWriter::endObject() {
  impl_->writer.EndObject();
  return *this;
}
JsonWriter& JsonWriter::beginArray() {
  impl_->writer.StartArray();
  return *this;
}
JsonWriter& JsonWriter::endArray() {
  impl_->writer.EndArray();
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  impl_->writer.text(name);
  return *this;
}
JsonWriter& JsonWriter::null() {
  impl_->writer.Null();
  return *this;
}
JsonWriter& JsonWriter::value(bool v) {
  impl_->writer.Bool(v);
  return *this;
}
JsonWriter& JsonWriter::value(std::int64_t v) {
  impl_->writer.Int64(v);
  return *this;
}
JsonWriter& JsonWriter::value(double v) {
  impl_->writer.Double(v);
  return *this;
}
JsonWriter& JsonWriter::value(std::string_view v) {
  impl_->writer.text(v);
  return *this;
}
JsonWriter& JsonWriter::raw(std::string_view json) {
  impl_->writer.ready(json);
  return *this;
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

std::string_view JsonWriter::view() const {
  return {impl_->buffer.GetString(), impl_->buffer.GetSize()};
}

std::string JsonWriter::take() {
  std::string text(view());
  impl_->buffer.Clear();
  impl_->writer.Reset(impl_->buffer);
  return text;
}

}  // namespace reeld
