// Room on the spool's volume, promised before the first byte is taken: an upload is refused (507)
// while the disk still has room for everything that was promised earlier and for what must stay
// free.
#pragma once
#include "base/guarded.h"

#include <cstdint>
#include <functional>
#include <string>

namespace reeld::upload {

struct Volume {
  std::uint64_t size = 0;
  std::uint64_t available = 0;  ///< to us, now
};
using VolumeProbe = std::function<Volume()>;

/// statvfs(3) of a folder; throws Error.
Volume probeVolume(const std::string& folder);

/// What must stay free: the larger of the two.
struct FreeFloor {
  std::uint64_t bytes = 0;
  double percent = 0;
  std::uint64_t of(std::uint64_t volume_size) const noexcept;
};

class Space {
 public:
  Space(VolumeProbe probe, FreeFloor floor);

  /// A promise of room; gives back what is left of it when it goes. One thread at a time.
  class Promise {
   public:
    explicit Promise(Space& space) : space_(space) {}
    Promise(const Promise&) = delete;
    Promise& operator=(const Promise&) = delete;
    ~Promise();

    /// Throws EXHAUSTED (reason storage-full); then nothing has changed.
    void grow(std::uint64_t bytes);
    /// So many of the promised bytes are on the disk now.
    void wrote(std::uint64_t bytes) noexcept;

   private:
    Space& space_;
    std::uint64_t open_ = 0;  ///< promised and not yet written
  };

 private:
  VolumeProbe probe_;
  FreeFloor floor_;
  Guarded<std::uint64_t> open_{std::uint64_t{0}};  ///< of all promises
};

}  // namespace reeld::upload
