#include "processing/task_output.h"

#include "base/error.h"

#include <unistd.h>

#include <array>

namespace reeld::processing {

namespace {
constexpr std::uint64_t MaxPictureBytes = 10 << 20;

/// What cannot be removed costs room and nothing else; `reeldctl storage scan` finds it.
void removeQuietly(storage::Storage& storage, const std::string& key) noexcept {
  try {
    storage.remove(key);
  } catch (const Error&) {
  }
}
}  // namespace

void requireJpeg(const TaskFolder::File& file) {
  std::array<unsigned char, 3> magic{};
  const bool is_jpeg =
      pread(file.fd.get(), magic.data(), magic.size(), 0) == static_cast<ssize_t>(magic.size()) &&
      magic == std::array<unsigned char, 3>{0xff, 0xd8, 0xff};
  if (!is_jpeg || file.size > MaxPictureBytes) {
    throw Error(ErrorCode::Corrupt, "the encoder made a picture that is none").reason("crashed");
  }
}

std::uint64_t storeFile(const TaskFolder& folder, const std::string& path,
                        storage::Storage& storage, const StoredAs& as,
                        std::optional<std::uint64_t> expected_size) {
  const TaskFolder::File file = folder.open(path);
  if (expected_size ? file.size != *expected_size : file.size > MaxPictureBytes) {
    throw Error(ErrorCode::Corrupt, "the encoder made " + path + " of " +
                                        std::to_string(file.size) + " bytes, not what it said")
        .reason("crashed");
  }
  storage::Object hint;
  hint.key = as.key;
  hint.size = file.size;
  hint.content_type = as.content_type;
  const storage::Object stored = storage.adopt(hint, file.fd.get());
  if (stored.size != file.size) {
    throw Error(ErrorCode::Internal, "storage took " + std::to_string(stored.size) + " of " +
                                         std::to_string(file.size) + " bytes of " + as.key);
  }
  folder.remove(path);
  return file.size;
}

void nameStored(storage::Storage& storage, const std::string& key,
                const std::function<void()>& transaction) {
  try {
    transaction();
  } catch (const Error& error) {
    // A commit whose end is not known is not run again, so that this word means: not named.
    if (error.reason() == "fenced") {
      removeQuietly(storage, key);
    }
    throw;
  }
}

}  // namespace reeld::processing
