// What is copied must be what was planned: every picture once and in its slot, each segment begun
// by an IDR that nothing refers across, parameter sets that never change. Says of each packet where
// on the grid it belongs, or why the source must be encoded after all.
#pragma once
#include "avc.h"
#include "libav.h"
#include "spec.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld::libav {

class CopyCheck {
 public:
  /// Both outlive this object.
  CopyCheck(const Spec& spec, const AVStream& video);

  /// The next packet in decoding order; its time stamps become slots. Returns what is wrong with
  /// it, if anything is.
  std::optional<std::string> place(AVPacket& packet);
  /// No packet follows.
  std::optional<std::string> finish() const;

  /// Pictures so far.
  std::int64_t count() const noexcept { return count_; }

 private:
  std::optional<std::string> look(const AVPacket& packet) const;
  std::optional<std::string> claim(std::int64_t slot, bool is_key);
  bool isKnownSet(AvcBytes unit) const;
  std::int64_t slots(std::int64_t ticks) const;

  const Spec& spec_;
  const AVStream& video_;
  std::optional<AvcRecord> record_;
  std::int64_t count_ = 0;
  std::int64_t segment_ = -1;
  std::vector<bool> taken_;  ///< slots of the segment
  std::int64_t first_pts_ = 0;
  std::int64_t delay_ = 0;  ///< slots a picture is decoded ahead of its turn
};

}  // namespace reeld::libav
