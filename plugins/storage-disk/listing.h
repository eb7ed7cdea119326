// Objects in key order: folders are walked so that their keys come out in byte order, and what a
// prefix or a cursor rules out is not entered.
#pragma once
#include "folder.h"

#include <reeld/cpp/storage.hpp>

namespace storage_disk {

void list(const Folder& folder, std::string_view prefix, std::string_view after,
          const reeld::sdk::ObjectSink& sink);

}  // namespace storage_disk
