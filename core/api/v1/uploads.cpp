#include "api/v1/uploads.h"

#include "api/parameters.h"
#include "api/v1/upload_form.h"
#include "api/v1/upload_sinks.h"
#include "http/header_parameters.h"

namespace reeld::api::v1 {

namespace {

std::unique_ptr<http::BodySink> beginCreation(const Guard& guard, catalog::Catalog& catalog,
                                              upload::Uploads& uploads, http::Exchange& exchange,
                                              std::int64_t length) {
  if (!isForm(exchange)) {
    return std::make_unique<JsonCreation>(guard, catalog, exchange);
  }
  const auto viewer = guard.admit(exchange, http::Access::User);
  return std::make_unique<FormUpload>(
      formBoundary(exchange), uploads.beginNew(viewer, lengthWithin(length, uploads.maxBytes())),
      viewer, &catalog);
}

std::unique_ptr<http::BodySink> beginUpload(upload::Uploads& uploads, http::Exchange& exchange,
                                            std::int64_t length) {
  const auto viewer = viewerOf(exchange);
  const auto id = pathId(exchange);
  if (isForm(exchange)) {
    const auto boundary = formBoundary(exchange);
    return std::make_unique<FormUpload>(
        boundary, uploads.begin(viewer, id, lengthWithin(length, uploads.maxBytes())), viewer,
        nullptr);
  }
  auto name = http::headerParameter(exchange.header("content-disposition"), "filename");
  return std::make_unique<RawUpload>(uploads.begin(viewer, id, knownLength(length)), viewer,
                                     keptFileName(name.value_or("")));
}

}  // namespace

http::Routes uploadRoutes(const Guard& guard, catalog::Catalog& catalog, upload::Uploads& uploads) {
  http::Route creation;
  creation.method = http::Method::Post;
  creation.pattern = "/api/v1/videos";
  creation.lane = http::Lane::Upload;
  creation.guards_itself = true;
  creation.begin_upload = [&](http::Exchange& exchange, std::int64_t length) {
    return beginCreation(guard, catalog, uploads, exchange, length);
  };
  http::Route file;
  file.method = http::Method::Put;
  file.pattern = "/api/v1/videos/{id}/upload";
  file.lane = http::Lane::Upload;
  file.begin_upload = [&](http::Exchange& exchange, std::int64_t length) {
    return beginUpload(uploads, exchange, length);
  };
  return {std::move(creation), std::move(file)};
}

}  // namespace reeld::api::v1
