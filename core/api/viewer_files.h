// The files of the viewer at /docs, which travel inside the program: api/embed writes the table
// while reeld is built.
#pragma once
#include <span>
#include <string_view>

namespace reeld::api {

struct ViewerFile {
  std::string_view name;  ///< "swagger-ui.css"
  std::string_view text;
};

std::span<const ViewerFile> viewerFiles();

}  // namespace reeld::api
