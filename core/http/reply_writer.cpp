#include "http/reply_writer.h"

#include "base/error.h"
#include "http/cors.h"
#include "http/engine/head.h"
#include "http/engine/status_line.h"
#include "http/field_lines.h"
#include "http/problem.h"
#include "http/range.h"
#include "http/route.h"

#include <memory>
#include <utility>

namespace reeld::http {

namespace {

void appendField(std::string& fields, std::string_view name, std::string_view value) {
  if (!engine::isToken(name) || !engine::isFieldValue(value)) {
    throw Error(ErrorCode::Internal, "the answer's header " + std::string(name) +
                                         " holds a character that must not be sent");
  }
  fields.append(name).append(": ").append(value).append("\r\n");
}

Conditions conditionsOf(const Exchange& exchange) noexcept {
  return {exchange.header("if-match"),          exchange.header("if-none-match"),
          exchange.header("if-modified-since"), exchange.header("if-unmodified-since"),
          exchange.header("if-range"),          exchange.header("range")};
}

std::string_view etagOf(const Response& response) noexcept {
  for (const auto& header : response.headers) {
    if (engine::equalsIgnoringCase(header.name, "etag")) {
      return header.value;
    }
  }
  return {};
}

/// Status, body and the fields of a file; what is sent of it depends on the request.
void writeFile(engine::Reply& reply, const Response& response, const FileBody& body,
               const Exchange& exchange) {
  const OpenFile& file = *body.file;
  Conditions conditions = conditionsOf(exchange);
  if (response.status != 200) {
    conditions = {};
  }
  if (exchange.method() != Method::Get) {
    conditions.range = {};  // HEAD tells of the whole (RFC 9110, section 14.2)
  }
  const Selection selection = select(conditions, {file.etag, file.modified_ms, file.size});
  if (selection.status != 200) {
    reply.status = selection.status;
  }
  if (selection.status == 206) {
    appendField(reply.fields, "Content-Range",
                "bytes " + std::to_string(selection.offset) + "-" +
                    std::to_string(selection.offset + selection.length - 1) + "/" +
                    std::to_string(file.size));
  }
  if (selection.status == 200 || selection.status == 206) {
    reply.body = engine::FileSlice{body.file, file.fd, selection.offset, selection.length};
  }
  appendField(reply.fields, "Accept-Ranges", "bytes");
  if (!file.etag.empty() && etagOf(response).empty()) {
    appendField(reply.fields, "ETag", file.etag);
  }
  if (file.modified_ms > 0) {
    appendField(reply.fields, "Last-Modified", engine::httpDate(file.modified_ms / 1000));
  }
}

/// 412 and 416 carry a problem document like every other error.
void writeFailedSelection(engine::Reply& reply, const OpenFile& file, const Exchange& exchange) {
  const bool range = reply.status == 416;
  Response refused =
      problem(reply.status, range ? "range" : "precondition",
              range ? "the range lies beyond the file" : "the condition of the request is not met",
              surfaceOf(exchange.path()), exchange.requestId());
  reply.fields.clear();
  if (range) {
    appendField(reply.fields, "Content-Range", "bytes */" + std::to_string(file.size));
  }
  appendField(reply.fields, "Content-Type", refused.content_type);
  reply.body = std::move(std::get<std::string>(refused.body));
}

/// A text with an ETag can be not modified; it is never sent in parts.
bool isUnmodified(const Response& response, const Exchange& exchange) noexcept {
  const bool readable = exchange.method() == Method::Get || exchange.method() == Method::Head;
  const std::string_view condition = exchange.header("if-none-match");
  if (response.status != 200 || !readable || condition.empty()) {
    return false;
  }
  const std::string_view etag = etagOf(response);
  Conditions conditions;
  conditions.if_none_match = condition;
  return !etag.empty() && select(conditions, {etag, 0, 0}).status == 304;
}

}  // namespace

void writeReply(engine::Reply& reply, Response&& response, const std::vector<Header>& extra,
                std::string_view set, const Exchange& exchange, const Live& live) {
  reply.clear();
  reply.status = response.status;
  bool typed = !response.content_type.empty();
  if (const auto* file = std::get_if<FileBody>(&response.body)) {
    writeFile(reply, response, *file, exchange);
    if (reply.status == 412 || reply.status == 416) {
      writeFailedSelection(reply, *file->file, exchange);
      typed = false;
    }
  } else if (isUnmodified(response, exchange)) {
    reply.status = 304;
  } else if (auto* text = std::get_if<std::string>(&response.body)) {
    reply.body = std::move(*text);
  } else if (auto* shared = std::get_if<SharedText>(&response.body)) {
    reply.body = std::move(*shared);
  } else if (auto* pieces = std::get_if<PiecewiseBody>(&response.body)) {
    reply.body = std::move(pieces->first);
    reply.has_more = !engine::isBodiless(response.status);
  }
  if (typed && !engine::isBodiless(reply.status)) {
    appendField(reply.fields, "Content-Type", response.content_type);
  }
  for (const auto* headers : {&std::as_const(response.headers), &extra}) {
    for (const auto& header : *headers) {
      if (!hasFieldLine(set, header.name)) {
        appendField(reply.fields, header.name, header.value);
      }
    }
  }
  reply.fields.append(set);
  reply.fields.append("X-Content-Type-Options: nosniff\r\nX-Request-Id: ");
  reply.fields.append(exchange.requestId()).append("\r\n");
  appendCors(reply.fields, live, exchange.header("origin"));
}

}  // namespace reeld::http
