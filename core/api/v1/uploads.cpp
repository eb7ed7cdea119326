#include "api/v1/uploads.h"

#include "api/parameters.h"
#include "api/v1/upload_sinks.h"
#include "base/error.h"
#include "http/header_parameters.h"

namespace reeld::api::v1 {

namespace {

constexpr std::string_view Form = "multipart/form-data";
// Fields and boundaries around a file of the largest size.
constexpr std::uint64_t FormOverhead = 1 << 20;

std::string boundaryOf(const http::Exchange& exchange) {
  auto boundary = http::multipartBoundary(exchange.header("content-type"));
  if (!boundary) {
    throw Error({Violation{"", "the content type names no boundary"}});
  }
  return *boundary;
}

std::optional<std::uint64_t> known(std::int64_t length) {
  return length < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(length));
}

/// What a file within a form of this length can have at most.
std::optional<std::uint64_t> knownWithin(std::int64_t form_length, std::uint64_t most) {
  const auto length = known(form_length);
  return length && *length > most && *length <= most + FormOverhead ? most : length;
}

std::unique_ptr<http::BodySink> beginCreation(const Guard& guard, catalog::Catalog& catalog,
                                              upload::Uploads& uploads, http::Exchange& exchange,
                                              std::int64_t length) {
  if (exchange.contentType() != Form) {
    return std::make_unique<JsonCreation>(guard, catalog, exchange);
  }
  const auto viewer = guard.admit(exchange, http::Access::User);
  return std::make_unique<FormUpload>(
      boundaryOf(exchange), uploads.beginNew(viewer, knownWithin(length, uploads.maxBytes())),
      viewer, &catalog);
}

std::unique_ptr<http::BodySink> beginUpload(upload::Uploads& uploads, http::Exchange& exchange,
                                            std::int64_t length) {
  const auto viewer = viewerOf(exchange);
  const auto id = pathId(exchange);
  if (exchange.contentType() == Form) {
    const auto boundary = boundaryOf(exchange);
    return std::make_unique<FormUpload>(
        boundary, uploads.begin(viewer, id, knownWithin(length, uploads.maxBytes())), viewer,
        nullptr);
  }
  auto name = http::headerParameter(exchange.header("content-disposition"), "filename");
  return std::make_unique<RawUpload>(uploads.begin(viewer, id, known(length)), viewer,
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
