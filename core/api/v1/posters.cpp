#include "api/v1/posters.h"

#include "api/endpoint.h"
#include "api/parameters.h"
#include "api/v1/upload_form.h"
#include "api/video_json.h"
#include "base/error.h"
#include "http/multipart.h"

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

/// A form around the picture, which is its part named "file"; what else is in it is passed over.
class PosterForm final : public http::BodySink, private http::PartEvents {
 public:
  PosterForm(std::string_view boundary, std::unique_ptr<upload::PosterUpload> upload,
             users::Viewer viewer)
      : parser_(boundary, *this), upload_(std::move(upload)), viewer_(std::move(viewer)) {}
  void write(std::span<const char> piece) override { parser_.feed({piece.data(), piece.size()}); }
  http::Response finish() override {
    parser_.finish();
    if (!has_file_) {
      throw Error({Violation{"/file", "is required"}});
    }
    return http::Response::json(videoJson(upload_->finish(), viewer_));
  }

 private:
  void partBegins(const http::PartHead& head) override {
    in_file_ = head.name == "file";
    if (in_file_ && has_file_) {
      throw Error({Violation{"/file", "is there twice"}});
    }
    // A browser sends a nameless part when nobody chose a file.
    has_file_ = has_file_ || (in_file_ && head.file_name != "");
  }
  void partData(std::string_view bytes) override {
    if (in_file_) {
      upload_->write(bytes);
      has_file_ = true;
    } else if ((beside_ += bytes.size()) > MostBeside) {
      throw Error(ErrorCode::Invalid, "a form may have at most 1 MiB beside its picture")
          .reason("too-large");
    }
  }
  void partEnds() override {}

  static constexpr std::size_t MostBeside = 1 << 20;

  http::MultipartParser parser_;
  std::unique_ptr<upload::PosterUpload> upload_;
  users::Viewer viewer_;
  bool in_file_ = false;
  bool has_file_ = false;
  std::size_t beside_ = 0;  ///< bytes of other parts
};

std::unique_ptr<http::BodySink> begin(upload::Posters& posters, http::Exchange& exchange,
                                      std::int64_t length) {
  const auto viewer = viewerOf(exchange);
  const auto id = pathId(exchange);
  if (!isForm(exchange)) {
    return std::make_unique<PosterSink>(posters.begin(viewer, id, knownLength(length)), viewer);
  }
  const auto boundary = formBoundary(exchange);
  return std::make_unique<PosterForm>(
      boundary, posters.begin(viewer, id, lengthWithin(length, upload::Posters::MaxBytes)), viewer);
}

}  // namespace

http::Routes posterRoutes(upload::Posters& posters) {
  http::Route put;
  put.method = http::Method::Put;
  put.pattern = "/api/v1/videos/{id}/poster";
  put.lane = http::Lane::Upload;
  put.begin_upload = [&](http::Exchange& exchange, std::int64_t length) {
    return begin(posters, exchange, length);
  };
  return {std::move(put),
          endpoint(http::Method::Delete, "/api/v1/videos/{id}/poster", http::Access::User,
                   [&](http::Exchange& exchange, const users::Viewer& viewer) {
                     return http::Response::json(
                         videoJson(posters.remove(viewer, pathId(exchange)), viewer));
                   })};
}

}  // namespace reeld::api::v1
