#include "api/v1/posters.h"

#include "api/endpoint.h"
#include "api/parameters.h"
#include "api/video_json.h"

namespace reeld::api::v1 {

namespace {

class PosterSink final : public http::BodySink {
 public:
  PosterSink(std::unique_ptr<upload::PosterUpload> upload, users::Viewer viewer)
      : upload_(std::move(upload)), viewer_(std::move(viewer)) {}
  void write(std::span<const char> piece) override { upload_->write(piece); }
  http::Response finish() override {
    return http::Response::json(videoJson(upload_->finish(), viewer_));
  }

 private:
  std::unique_ptr<upload::PosterUpload> upload_;
  users::Viewer viewer_;
};

}  // namespace

http::Routes posterRoutes(upload::Posters& posters) {
  http::Route put;
  put.method = http::Method::Put;
  put.pattern = "/api/v1/videos/{id}/poster";
  put.lane = http::Lane::Upload;
  put.begin_upload = [&](http::Exchange& exchange, std::int64_t length) {
    const auto viewer = viewerOf(exchange);
    const auto known =
        length < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(length));
    return std::make_unique<PosterSink>(posters.begin(viewer, pathId(exchange), known), viewer);
  };
  return {std::move(put),
          endpoint(http::Method::Delete, "/api/v1/videos/{id}/poster", http::Access::User,
                   [&](http::Exchange& exchange, const users::Viewer& viewer) {
                     return http::Response::json(
                         videoJson(posters.remove(viewer, pathId(exchange)), viewer));
                   })};
}

}  // namespace reeld::api::v1
