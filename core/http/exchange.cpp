#include "http/exchange.h"

#include "base/error.h"
#include "http/percent.h"

#include <unistd.h>

namespace reeld::http {

OpenFile::~OpenFile() {
  if (fd >= 0) {
    close(fd);
  }
}

Response Response::json(std::string text, int status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

Response Response::text(std::string text, std::string content_type, int status) {
  Response response = json(std::move(text), status);
  response.content_type = std::move(content_type);
  return response;
}

Response Response::file(std::shared_ptr<const OpenFile> file, std::string content_type) {
  Response response;
  response.content_type = std::move(content_type);
  response.body = FileBody{std::move(file)};
  return response;
}

Response Response::none(int status) {
  Response response;
  response.status = status;
  response.content_type.clear();
  return response;
}

Response& Response::header(std::string name, std::string value) & {
  headers.push_back({std::move(name), std::move(value)});
  return *this;
}

std::optional<std::string> Exchange::queryValue(std::string_view name) const {
  std::string_view rest = query();
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = pair.find('=');
    const auto key = decodeComponent(pair.substr(0, equals));
    if (!key || *key != name) {
      continue;
    }
    auto value = decodeComponent(equals == std::string_view::npos ? std::string_view()
                                                                  : pair.substr(equals + 1));
    if (!value) {
      throw Error(ErrorCode::Invalid,
                  "the query parameter " + std::string(name) + " is badly encoded");
    }
    return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Exchange::cookie(std::string_view name) const {
  std::string_view rest = header("cookie");
  while (!rest.empty()) {
    const auto end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    while (!pair.empty() && pair.front() == ' ') {
      pair.remove_prefix(1);
    }
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      std::string_view value = pair.substr(equals + 1);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      if (!value.empty()) {
        return value;
      }
    }
  }
  return std::nullopt;
}

}  // namespace reeld::http
