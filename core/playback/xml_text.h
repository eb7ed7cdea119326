// Text as it may stand in XML, in an element as in an attribute.
#pragma once
#include <string>
#include <string_view>

namespace reeld::playback {

std::string escaped(std::string_view text);

}  // namespace reeld::playback
