// Deadlines of connections: one FIFO list per kind. Every deadline of a kind has the same length,
// so a list is sorted by itself and arming, moving and expiring cost O(1). One thread.
#pragma once
#include <array>
#include <cstdint>

namespace reeld::http::engine {

enum class Deadline : std::uint8_t { None, Head, Idle, Body, Write, Linger };
inline constexpr std::size_t DeadlineKinds = 6;

struct DeadlineNode {
  DeadlineNode* before = nullptr;
  DeadlineNode* after = nullptr;
  std::int64_t at_ms = 0;
  Deadline kind = Deadline::None;
};

class Deadlines {
 public:
  explicit Deadlines(const std::array<std::int64_t, DeadlineKinds>& lengths_ms);
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  /// (Re)starts the node's only deadline; None stops it.
  void arm(DeadlineNode& node, Deadline kind, std::int64_t now_ms) noexcept;
  /// A node that is due, disarmed; nullptr if none is.
  DeadlineNode* takeDue(std::int64_t now_ms) noexcept;
  /// Milliseconds until the next one is due, at most `most`.
  std::int64_t wait(std::int64_t now_ms, std::int64_t most) const noexcept;
  /// The node that has waited longest in a kind; nullptr if there is none.
  DeadlineNode* oldest(Deadline kind) noexcept;

 private:
  DeadlineNode& list(Deadline kind) noexcept { return lists_[static_cast<std::size_t>(kind)]; }

  std::array<std::int64_t, DeadlineKinds> lengths_ms_;
  std::array<DeadlineNode, DeadlineKinds> lists_;  ///< sentinels of rings
};

}  // namespace reeld::http::engine
