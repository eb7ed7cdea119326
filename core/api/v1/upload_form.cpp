#include "api/v1/upload_form.h"

#include "base/error.h"
#include "http/multipart.h"

namespace reeld::api::v1 {

bool isForm(const http::Exchange& exchange) {
  return exchange.contentType() == "multipart/form-data";
}

std::string formBoundary(const http::Exchange& exchange) {
  auto boundary = http::multipartBoundary(exchange.header("content-type"));
  if (!boundary) {
    throw Error({Violation{"", "the content type names no boundary"}});
  }
  return *boundary;
}

std::optional<std::uint64_t> knownLength(std::int64_t length) {
  return length < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(length));
}

std::optional<std::uint64_t> lengthWithin(std::int64_t form_length, std::uint64_t most) {
  constexpr std::uint64_t FormOverhead = 1 << 20;
  const auto length = knownLength(form_length);
  return length && *length > most && *length <= most + FormOverhead ? most : length;
}

}  // namespace reeld::api::v1
