#include "db/stored_text.h"

#include "base/error.h"
#include "base/utf8.h"

namespace reeld::db {

void requireStorable(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::Invalid, "text with a NUL character cannot be stored");
  }
  if (!utf8Length(text)) {
    throw Error(ErrorCode::Invalid, "text that is not valid UTF-8 cannot be stored");
  }
}

}  // namespace reeld::db
