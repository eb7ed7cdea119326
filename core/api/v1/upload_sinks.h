// Where the bodies of creating and uploading requests go: into memory (JSON, small), into the spool
// (a raw file), or through the form parser into both.
#pragma once
#include "api/guard.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "http/multipart.h"
#include "http/route.h"
#include "upload/upload.h"

#include <memory>
#include <string>

namespace reeld::api::v1 {

/// A JSON body that makes a video. The credential is asked for after the body's syntax.
class JsonCreation final : public http::BodySink {
 public:
  JsonCreation(const Guard& guard, catalog::Catalog& catalog, http::Exchange& exchange)
      : guard_(guard), catalog_(catalog), exchange_(exchange) {}
  void write(std::span<const char> piece) override;
  http::Response finish() override;

 private:
  const Guard& guard_;
  catalog::Catalog& catalog_;
  http::Exchange& exchange_;
  std::string body_;
};

/// A body that is the file.
class RawUpload final : public http::BodySink {
 public:
  RawUpload(std::unique_ptr<upload::Upload> upload, users::Viewer viewer, std::string file_name)
      : upload_(std::move(upload)), viewer_(std::move(viewer)), file_name_(std::move(file_name)) {}
  void write(std::span<const char> piece) override { upload_->write(piece); }
  http::Response finish() override;

 private:
  std::unique_ptr<upload::Upload> upload_;
  users::Viewer viewer_;
  std::string file_name_;
};

/// A form around the file: its part named "file" goes to the spool, every other part is a field.
/// Without `catalog` the upload is for a video there is; with it the fields make one.
class FormUpload final : public http::BodySink, private http::PartEvents {
 public:
  FormUpload(std::string_view boundary, std::unique_ptr<upload::Upload> upload,
             users::Viewer viewer, catalog::Catalog* catalog)
      : parser_(boundary, *this),
        upload_(std::move(upload)),
        viewer_(std::move(viewer)),
        catalog_(catalog) {}
  void write(std::span<const char> piece) override { parser_.feed({piece.data(), piece.size()}); }
  http::Response finish() override;

 private:
  void partBegins(const http::PartHead& head) override;
  void partData(std::string_view bytes) override;
  void partEnds() override;

  http::MultipartParser parser_;
  std::unique_ptr<upload::Upload> upload_;
  users::Viewer viewer_;
  catalog::Catalog* catalog_;
  Json fields_{Json::Object()};
  std::string name_;  ///< of the field that is coming in
  std::string value_;
  bool in_file_ = false;
  bool has_file_ = false;
  std::string file_name_;
};

/// A name as it is kept: nothing if it is no text that could be printed.
std::string keptFileName(std::string name);

}  // namespace reeld::api::v1
