#include "processing/elementary_stream.h"

#include <algorithm>

namespace reeld::processing {

void PictureScanner::take(std::span<const std::uint8_t> bytes) {
  std::uint64_t window = window_;
  for (const std::uint8_t byte : bytes) {
    window = window << 8U | byte;
    if (profile_bytes_left_ > 0) {
      takeProfile(byte);
    }
    // Start code, the unit's header, and one byte more to tell a picture's first slice.
    if ((window >> 16U & 0xffffffU) == 1) {
      takeUnit(static_cast<unsigned>(window >> 8U & 0xffU), byte);
    }
  }
  window_ = window;
}

void PictureScanner::takeUnit(unsigned header, unsigned first_byte) {
  constexpr unsigned Slice = 1;
  constexpr unsigned IdrSlice = 5;
  constexpr unsigned Sps = 7;
  constexpr unsigned Pps = 8;
  const unsigned type = header & 0x1fU;
  if (type == Sps && !has_sps_) {
    // No three bytes of these can look like a start code: nothing is escaped in them.
    profile_bytes_left_ = 3;
    takeProfile(static_cast<std::uint8_t>(first_byte));
  }
  has_sps_ = has_sps_ || type == Sps;
  has_pps_ = has_pps_ || type == Pps;
  if (type != Slice && type != IdrSlice) {
    return;
  }
  if (!has_slice_) {
    has_slice_ = true;
    starts_with_idr_ = type == IdrSlice && has_sps_ && has_pps_;
  }
  // A slice header opens with first_mb_in_slice; 0 is coded as a single set bit.
  count_ += first_byte >> 7U;
}

void PictureScanner::takeProfile(std::uint8_t byte) noexcept {
  profile_ = profile_ << 8U | byte;
  --profile_bytes_left_;
}

std::optional<std::uint32_t> PictureScanner::profile() const noexcept {
  return has_sps_ && profile_bytes_left_ == 0 ? std::optional(profile_) : std::nullopt;
}

void SoundScanner::take(std::span<const std::uint8_t> bytes) {
  while (in_step_ && !bytes.empty()) {
    if (left_ > 0) {
      const std::size_t skipped = std::min(left_, bytes.size());
      left_ -= skipped;
      bytes = bytes.subspan(skipped);
      continue;
    }
    header_[header_size_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (header_size_ == header_.size()) {
      takeHeader();
    }
  }
}

void SoundScanner::takeHeader() {
  const bool has_sync = header_[0] == 0xff && (header_[1] & 0xf6U) == 0xf0;
  const std::size_t length =
      (header_[3] & 0x03U) << 11U | static_cast<unsigned>(header_[4]) << 3U | header_[5] >> 5U;
  if (!has_sync || length <= header_.size()) {
    in_step_ = false;
    return;
  }
  left_ = length - header_.size();
  header_size_ = 0;
  ++count_;
}

}  // namespace reeld::processing
