#include "base/json.h"

#include "base/error.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

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

}  // namespace reeld
