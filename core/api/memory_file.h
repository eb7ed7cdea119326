// Bytes as an anonymous file in memory, so that they can be sent as any other file is.
#pragma once
#include "base/file_descriptor.h"

#include <string_view>

namespace reeld::api {

class MemoryFile {
 public:
  MemoryFile();
  void append(std::string_view bytes);
  /// The descriptor, the caller's from now on; its bytes are sealed. What is made again of the same
  /// bytes has the same entity tag.
  int release();

 private:
  FileDescriptor fd_;
};

}  // namespace reeld::api
