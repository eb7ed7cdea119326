// Writes JSON without building a tree: w.beginObject().key("id").value(7).endObject(). What is
// escaped, and the digits of a double, are RapidJSON's, behind json_writer.cpp; plain text, which
// is nearly all of a list, is looked at and copied in one pass.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace reeld {

class Json;

class JsonWriter {
 public:
  /// For a text of about so many bytes.
  explicit JsonWriter(std::size_t expected = 512);

  JsonWriter& beginObject() { return add("{"); }
  JsonWriter& endObject() { return addMark('}'); }
  JsonWriter& beginArray() { return add("["); }
  JsonWriter& endArray() { return addMark(']'); }
  JsonWriter& key(std::string_view name);
  /// A literal of ours: nothing in it may need an escape.
  template <std::size_t Size>
  JsonWriter& key(const char (&name)[Size]) {
    constexpr std::size_t Length = Size - 1;
    char* const at = begin(Length + 3);
    at[0] = '"';
    std::memcpy(at + 1, name, Length);
    at[Length + 1] = '"';
    at[Length + 2] = ':';
    return end(at + Length + 3);
  }
  JsonWriter& null() { return add("null"); }
  JsonWriter& value(bool v) { return v ? add("true") : add("false"); }
  JsonWriter& value(int v) { return value(std::int64_t{v}); }
  JsonWriter& value(std::int64_t v);
  JsonWriter& value(double v);
  JsonWriter& value(std::string_view v);
  JsonWriter& value(const char* v) { return value(std::string_view(v)); }
  JsonWriter& value(const std::string& v) { return value(std::string_view(v)); }
  JsonWriter& value(const Json& v);
  /// Text that is JSON already (a decimal such as 9.99).
  JsonWriter& raw(std::string_view json) { return add(json); }
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  template <std::size_t Size, class T>
  JsonWriter& member(const char (&name)[Size], const T& v) {
    return key(name).value(v);
  }

  std::string_view view() const { return {text_.get(), size_}; }  ///< valid until the next write
  std::string take();  ///< the text; the writer is empty afterwards

 private:
  /// Where the next `most` bytes go, if they are written: end() says where they do.
  char* room(std::size_t most) {
    if (room_ - size_ < most) {
      grow(most);
    }
    return text_.get() + size_;
  }
  /// The same for a value or a member, behind a comma where one belongs: what is written last
  /// tells.
  char* begin(std::size_t most) {
    char* const at = room(most + 1);
    const char last = size_ > 0 ? at[-1] : '[';
    if (last == '{' || last == '[' || last == ':') {
      return at;
    }
    *at = ',';
    return at + 1;
  }
  JsonWriter& end(const char* at) {
    size_ = static_cast<std::size_t>(at - text_.get());
    return *this;
  }
  JsonWriter& add(std::string_view json) {
    char* const at = begin(json.size());
    std::memcpy(at, json.data(), json.size());
    return end(at + json.size());
  }
  JsonWriter& addMark(char mark) {
    char* const at = room(1);
    *at = mark;
    return end(at + 1);
  }
  void grow(std::size_t most);
  template <class Write>
  JsonWriter& addByLibrary(const char* at, Write&& write);

  std::unique_ptr<char[]> text_;
  std::size_t size_ = 0;  ///< of what is written
  std::size_t room_;
};

}  // namespace reeld
