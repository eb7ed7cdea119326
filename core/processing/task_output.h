// The way of a file from a task's folder into storage, and of its key into a row.
#pragma once
#include "processing/task_folder.h"
#include "storage/storage.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace reeld::processing {

struct StoredAs {
  std::string key;
  std::string content_type;
};

/// The child met a stranger's file: what it calls a JPEG must look like one, and be no larger than
/// a picture is. Throws Error CORRUPT (reason crashed).
void requireJpeg(const TaskFolder::File& file);

/// Gives the file to storage; its size, which must be the expected one, if there is one, or else no
/// more than a picture has. Throws Error CORRUPT (reason crashed) for a lie of the child.
std::uint64_t storeFile(const TaskFolder& folder, const std::string& path,
                        storage::Storage& storage, const StoredAs& as,
                        std::optional<std::uint64_t> expected_size);

/// Runs the transaction that names what a job has just stored. If it is refused because the job's
/// lease is another's by now, the object goes: an encoding that is done is swept no more. The key
/// must be of that lease, so that nobody else can have named it.
void nameStored(storage::Storage& storage, const std::string& key,
                const std::function<void()>& transaction);

}  // namespace reeld::processing
