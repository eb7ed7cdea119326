// What a segment's streams say of themselves: pictures of H.264 (ITU-T H.264, annex B) and packets
// of AAC (ISO/IEC 13818-7, ADTS), found by their headers alone as the bytes pass. Decodes nothing.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace reeld::processing {

class PictureScanner {
 public:
  void take(std::span<const std::uint8_t> bytes);
  std::int64_t count() const noexcept { return count_; }
  /// The first picture is an IDR, and SPS and PPS came before it.
  bool startsWithIdr() const noexcept { return starts_with_idr_; }
  /// Profile, constraints and level, as the first SPS has them: 24 bits; nothing without one.
  std::optional<std::uint32_t> profile() const noexcept;

 private:
  void takeUnit(unsigned header, unsigned first_byte);
  void takeProfile(std::uint8_t byte) noexcept;

  std::uint64_t window_ = ~std::uint64_t{0};  ///< the last bytes, across packets
  std::int64_t count_ = 0;
  bool has_sps_ = false;
  bool has_pps_ = false;
  bool has_slice_ = false;
  bool starts_with_idr_ = false;
  std::uint32_t profile_ = 0;
  int profile_bytes_left_ = 0;
};

class SoundScanner {
 public:
  void take(std::span<const std::uint8_t> bytes);
  std::int64_t count() const noexcept { return count_; }
  /// Every packet began where the one before it ended, and the last one is complete.
  bool isWhole() const noexcept { return in_step_ && left_ == 0 && header_size_ == 0; }

 private:
  void takeHeader();

  std::array<std::uint8_t, 7> header_{};
  std::size_t header_size_ = 0;
  std::size_t left_ = 0;  ///< of the packet whose header was read
  std::int64_t count_ = 0;
  bool in_step_ = true;
};

}  // namespace reeld::processing
