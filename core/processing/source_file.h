// A source as a descriptor that can be read and sought: what the child gets. Storage that has no
// descriptors gives its bytes to a file without a name.
#pragma once
#include "base/file_descriptor.h"
#include "storage/storage.h"

#include <string>

namespace reeld::processing {

/// Throws Error NOT_FOUND if the object is gone.
FileDescriptor openSource(storage::Storage& storage, const std::string& key,
                          const std::string& work_dir);

}  // namespace reeld::processing
