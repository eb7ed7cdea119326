#include "processing/task_output.h"

#include "base/error.h"

namespace reeld::processing {

namespace {
constexpr std::uint64_t MaxPosterBytes = 10 << 20;

/// What cannot be removed costs room and nothing else; `reeldctl storage scan` finds it.
void removeQuietly(storage::Storage& storage, const std::string& key) noexcept {
  try {
    storage.remove(key);
  } catch (const Error&) {
  }
}
}  // namespace

std::uint64_t storeFile(const TaskFolder& folder, const std::string& path,
                        storage::Storage& storage, const StoredAs& as,
                        std::optional<std::uint64_t> expected_size) {
  const TaskFolder::File file = folder.open(path);
  if (expected_size ? file.size != *expected_size : file.size > MaxPosterBytes) {
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
