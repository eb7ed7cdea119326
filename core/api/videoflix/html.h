// Text for pages that put what they get into innerHTML.
#pragma once
#include <string>
#include <string_view>

namespace reeld::api::videoflix {

/// With & < > " and ' written as character references, so that it is shown as it stands, between
/// tags and in a quoted attribute.
std::string escapedHtml(std::string_view text);

}  // namespace reeld::api::videoflix
