// Boxes of the ISO base media file format (ISO/IEC 14496-12), written from the inside out: a box is
// a type and the bytes of its content. Numbers are big-endian. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::cmaf {

/// Puts numbers and text together: Bytes().u32(1).text("avc1").take().
class Bytes {
 public:
  Bytes& u8(std::uint64_t value) { return put(value, 1); }
  Bytes& u16(std::uint64_t value) { return put(value, 2); }
  Bytes& u32(std::uint64_t value) { return put(value, 4); }
  Bytes& u64(std::uint64_t value) { return put(value, 8); }
  Bytes& zeros(std::size_t count) { return bytes_.append(count, '\0'), *this; }
  Bytes& text(std::string_view text) { return bytes_.append(text), *this; }
  std::string take() { return std::move(bytes_); }

 private:
  Bytes& put(std::uint64_t value, int size) {
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
      bytes_ += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
    }
    return *this;
  }

  std::string bytes_;
};

inline std::string box(std::string_view type, std::string_view content) {
  return Bytes().u32(content.size() + 8).text(type).text(content).take();
}

inline std::string fullBox(std::string_view type, unsigned version, unsigned flags,
                           std::string_view content) {
  return box(type, Bytes().u32(version << 24U | flags).text(content).take());
}

}  // namespace reeld::cmaf
