// Who else could say what this daemon does: a folder of the configuration that everybody may write,
// a file in it that belongs to a stranger. Each is a sentence that ends with the command, or "".
#pragma once
#include <string>

namespace reeld::config {

enum class Sticky { Trusted, Refused };  ///< root's folder with the sticky bit, as /tmp

/// "may be written by everybody: chmod o-w PATH"
std::string changeable(const std::string& folder, Sticky sticky);

/// Of a path that belongs neither to root nor to this process's user. Root, who looks for another
/// user, also accepts the owner of the folder it lies in.
std::string strangeOwner(const std::string& path);

}  // namespace reeld::config
