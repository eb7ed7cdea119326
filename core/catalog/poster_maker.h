// The port through which a picture of a stranger's becomes a poster of ours: decoded and written
// anew where it can do no harm, so that no viewer ever gets the bytes that came.
#pragma once
#include <cstdint>
#include <functional>

namespace reeld::catalog {

class PosterMaker {
 public:
  virtual ~PosterMaker() = default;
  /// A finished JPEG; the descriptor is good until the call returns.
  using Take = std::function<void(int fd, std::uint64_t size)>;
  /// `image_fd` is read only. Blocks for a moment. Throws INVALID with a sentence for whoever sent
  /// it, UNAVAILABLE (reason busy) when too many are being made.
  virtual void make(int image_fd, const Take& take) = 0;
};

}  // namespace reeld::catalog
