#include "upload/space.h"

#include "base/error.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>

namespace reeld::upload {

Volume probeVolume(const std::string& folder) {
  struct statvfs facts {};
  if (statvfs(folder.c_str(), &facts) != 0) {
    throw systemError("cannot ask for the free space of " + folder, errno);
  }
  return {.size = std::uint64_t{facts.f_blocks} * facts.f_frsize,
          .available = std::uint64_t{facts.f_bavail} * facts.f_frsize};
}

std::uint64_t FreeFloor::of(std::uint64_t volume_size) const noexcept {
  const auto share = static_cast<std::uint64_t>(static_cast<double>(volume_size) * percent / 100);
  return std::max(bytes, share);
}

Space::Space(VolumeProbe probe, FreeFloor floor) : probe_(std::move(probe)), floor_(floor) {}

void Space::Promise::grow(std::uint64_t bytes) {
  // Asked outside the lock: a slow disk holds up this upload alone. What others write meanwhile
  // makes the answer only more careful, because they give back what they wrote after it is on the
  // disk.
  const Volume volume = space_.probe_();
  const std::uint64_t floor = space_.floor_.of(volume.size);
  const std::uint64_t usable = volume.available > floor ? volume.available - floor : 0;
  const bool granted = space_.open_.with([&](std::uint64_t& open) {
    if (open > usable || bytes > usable - open) {
      return false;
    }
    open += bytes;
    return true;
  });
  if (!granted) {
    throw Error(ErrorCode::Exhausted, "there is not enough free space for this file")
        .reason("storage-full");
  }
  open_ += bytes;
}

void Space::Promise::wrote(std::uint64_t bytes) noexcept {
  const std::uint64_t kept = std::min(bytes, open_);
  open_ -= kept;
  space_.open_.with([&](std::uint64_t& open) { open -= kept; });
}

Space::Promise::~Promise() { wrote(open_); }

}  // namespace reeld::upload
