#include "api/v1/upload_sinks.h"

#include "api/body_fields.h"
#include "api/form_body.h"
#include "api/video_fields.h"
#include "api/video_json.h"
#include "base/error.h"
#include "base/utf8.h"

#include <algorithm>

namespace reeld::api::v1 {

namespace {

constexpr std::size_t LongestJson = 1 << 20;
constexpr std::size_t LongestField = 128 * 1024;
constexpr std::size_t LongestFileName = 255;
constexpr std::string_view FilePart = "file";

/// Browsers send every field of a form, also those nobody filled in.
Json withoutEmpty(const Json& fields) {
  Json kept{Json::Object()};
  for (const auto& [name, value] : fields.object()) {
    if (name == "title" || !value.text().empty()) {
      kept.set(name, value);
    }
  }
  return kept;
}

http::Response created(const catalog::Video& video, const users::Viewer& viewer) {
  auto response = http::Response::json(createdVideoJson(video, viewer), 201);
  response.header("Location", "/api/v1/videos/" + std::to_string(video.id));
  return response;
}

}  // namespace

std::string keptFileName(std::string name) {
  const bool is_text = utf8Length(name) && std::none_of(name.begin(), name.end(), [](char c) {
                         return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                       });
  return is_text && name.size() <= LongestFileName ? name : std::string();
}

void JsonCreation::write(std::span<const char> piece) {
  if (body_.size() + piece.size() > LongestJson) {
    throw Error(ErrorCode::Invalid, "a JSON body may have at most 1 MiB").reason("too-large");
  }
  body_.append(piece.data(), piece.size());
}

http::Response JsonCreation::finish() {
  const Json body = parseJsonObject(exchange_, body_);
  const auto viewer = guard_.admit(exchange_, http::Access::User);
  return created(catalog_.create(viewer, readDraft(body)), viewer);
}

http::Response RawUpload::finish() {
  return http::Response::json(videoJson(upload_->finish(file_name_), viewer_));
}

void FormUpload::partBegins(const http::PartHead& head) {
  in_file_ = head.name == FilePart;
  name_ = head.name;
  value_.clear();
  if (!in_file_) {
    return;
  }
  if (has_file_) {
    throw Error({Violation{"/file", "is there twice"}});
  }
  has_file_ = true;
  file_name_ = keptFileName(head.file_name.value_or(""));
  // A title that came before the file tells that the other fields did too: what is wrong with them
  // is better said before the file has crossed the network.
  if (catalog_ != nullptr && fields_.find("title") != nullptr) {
    readDraft(withoutEmpty(fields_));
  }
}

void FormUpload::partData(std::string_view bytes) {
  if (in_file_) {
    upload_->write(bytes);
    return;
  }
  if (value_.size() + bytes.size() > LongestField) {
    throw Error({Violation{"/" + name_, "is too long"}});
  }
  value_.append(bytes);
}

void FormUpload::partEnds() {
  if (!in_file_) {
    addFormField(fields_, name_, std::move(value_));
  } else if (upload_->received() == 0 && file_name_.empty()) {
    has_file_ = false;  // what a browser sends when nobody chose a file
  }
}

http::Response FormUpload::finish() {
  parser_.finish();
  if (catalog_ == nullptr) {
    if (!has_file_) {
      throw Error({Violation{"/file", "is required"}});
    }
    return http::Response::json(videoJson(upload_->finish(file_name_), viewer_));
  }
  const auto draft = readDraft(withoutEmpty(fields_));
  const auto video =
      has_file_ ? upload_->finishAs(draft, file_name_) : catalog_->create(viewer_, draft);
  return created(video, viewer_);
}

}  // namespace reeld::api::v1
