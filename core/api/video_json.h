// Videos as the API prints them.
#pragma once
#include "catalog/video.h"
#include "users/user.h"

#include <string>
#include <vector>

namespace reeld::api {

/// What the viewer may know of the video: why it failed is told to those who may edit it, the
/// technical cause to administrators.
std::string videoJson(const catalog::Video& video, const users::Viewer& viewer);
/// The same with upload_url, where its file is to be sent.
std::string createdVideoJson(const catalog::Video& video, const users::Viewer& viewer);
std::string videosJson(const std::vector<catalog::Video>& videos, const users::Viewer& viewer);

}  // namespace reeld::api
