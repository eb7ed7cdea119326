#include "http/engine/deadlines.h"

#include <algorithm>

namespace reeld::http::engine {

Deadlines::Deadlines(const std::array<std::int64_t, DeadlineKinds>& lengths_ms)
    : lengths_ms_(lengths_ms) {
  for (auto& sentinel : lists_) {
    sentinel.before = sentinel.after = &sentinel;
  }
}

void Deadlines::arm(DeadlineNode& node, Deadline kind, std::int64_t now_ms) noexcept {
  if (node.kind != Deadline::None) {
    node.before->after = node.after;
    node.after->before = node.before;
  }
  node.kind = kind;
  if (kind == Deadline::None) {
    return;
  }
  node.at_ms = now_ms + lengths_ms_[static_cast<std::size_t>(kind)];
  DeadlineNode& sentinel = list(kind);
  node.before = sentinel.before;
  node.after = &sentinel;
  sentinel.before->after = &node;
  sentinel.before = &node;
}

DeadlineNode* Deadlines::takeDue(std::int64_t now_ms) noexcept {
  for (auto& sentinel : lists_) {
    DeadlineNode* first = sentinel.after;
    if (first != &sentinel && first->at_ms <= now_ms) {
      arm(*first, Deadline::None, now_ms);
      return first;
    }
  }
  return nullptr;
}

std::int64_t Deadlines::wait(std::int64_t now_ms, std::int64_t most) const noexcept {
  for (const auto& sentinel : lists_) {
    if (sentinel.after != &sentinel) {
      most = std::min(most, std::max<std::int64_t>(0, sentinel.after->at_ms - now_ms));
    }
  }
  return most;
}

DeadlineNode* Deadlines::oldest(Deadline kind) noexcept {
  DeadlineNode& sentinel = list(kind);
  return sentinel.after == &sentinel ? nullptr : sentinel.after;
}

}  // namespace reeld::http::engine
