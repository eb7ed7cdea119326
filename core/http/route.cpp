#include "http/route.h"

namespace reeld::http {

std::string_view surfaceOf(std::string_view path) noexcept {
  if (path.starts_with("/api/v1/") || path == "/api/v1") {
    return "v1";
  }
  return path.starts_with("/api/") ? "videoflix" : "other";
}

std::string_view Route::surface() const { return surfaceOf(pattern); }

}  // namespace reeld::http
