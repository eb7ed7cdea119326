// What may be stored as text, on both engines alike: UTF-8 without NUL.
#pragma once
#include <string_view>

namespace reeld::db {

/// Throws Error INVALID for NUL (Poco would cut the text there) and for bytes that are not UTF-8.
void requireStorable(std::string_view text);

}  // namespace reeld::db
