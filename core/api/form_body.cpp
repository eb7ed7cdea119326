#include "api/form_body.h"

#include "base/error.h"
#include "base/utf8.h"
#include "http/multipart.h"
#include "http/percent.h"

namespace reeld::api {

namespace {

constexpr std::size_t LongestField = 128 * 1024;
constexpr std::size_t MostFields = 64;

[[noreturn]] void refuseField(const std::string& name, const char* why) {
  throw Error({Violation{name.empty() ? "" : "/" + name, why}});
}

Json readUrlEncoded(std::string_view body) {
  Json form{Json::Object()};
  while (!body.empty()) {
    const auto end = body.find('&');
    const auto pair = body.substr(0, end);
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    if (pair.empty()) {
      continue;
    }
    const auto equals = pair.find('=');
    const auto name = http::decodeComponent(pair.substr(0, equals));
    const auto value = http::decodeComponent(
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) {
      refuseField("", "the form is badly encoded");
    }
    addFormField(form, *name, *value);
  }
  return form;
}

class Collector final : public http::PartEvents {
 public:
  void partBegins(const http::PartHead& head) override {
    name_ = head.name;
    value_.clear();
  }
  void partData(std::string_view bytes) override { value_.append(bytes); }
  void partEnds() override { addFormField(form, name_, std::move(value_)); }

  Json form{Json::Object()};

 private:
  std::string name_;
  std::string value_;
};

}  // namespace

void addFormField(Json& form, const std::string& name, std::string value) {
  if (form.object().size() >= MostFields) {
    refuseField("", "the form has too many fields");
  }
  if (form.find(name) != nullptr) {
    refuseField(name, "is there twice");
  }
  if (value.size() > LongestField) {
    refuseField(name, "is too long");
  }
  if (!utf8Length(name) || !utf8Length(value) || value.find('\0') != std::string::npos) {
    refuseField("", "the form's fields must be UTF-8 without NUL");
  }
  form.set(name, std::move(value));
}

std::optional<Json> readForm(const http::Exchange& exchange) {
  if (exchange.contentType() == "application/x-www-form-urlencoded") {
    return readUrlEncoded(exchange.body());
  }
  if (exchange.contentType() != "multipart/form-data") {
    return std::nullopt;
  }
  const auto boundary = http::multipartBoundary(exchange.header("content-type"));
  if (!boundary) {
    refuseField("", "the content type names no boundary");
  }
  Collector collector;
  http::MultipartParser parser(*boundary, collector);
  parser.feed(exchange.body());
  parser.finish();
  return std::move(collector.form);
}

}  // namespace reeld::api
