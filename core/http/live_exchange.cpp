#include "http/live_exchange.h"

#include "base/ascii.h"
#include "http/cors.h"
#include "http/dispatch.h"
#include "http/field_lines.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace reeld::http {

namespace {
/// What interceptors may add to one answer, and the longest word of a refusal: kept between
/// requests, so that neither costs an allocation.
constexpr std::size_t FieldBytes = 1024;
constexpr std::size_t ProblemBytes = 64;
/// In a path. Tokens are longer; numbers and what people type as a part of one are not.
constexpr std::size_t LongestWord = 20;
}  // namespace

LiveExchange::LiveExchange(Dispatch& dispatch) : dispatch_(dispatch) {
  fields_.reserve(FieldBytes);
  refused_.problem.reserve(ProblemBytes);
}

engine::Step LiveExchange::onHead() noexcept { return dispatch_.head(*this); }
engine::Step LiveExchange::onBody() noexcept { return dispatch_.body(*this); }
engine::Step LiveExchange::run() noexcept { return dispatch_.run(*this); }
bool LiveExchange::openUpload() noexcept { return dispatch_.openUpload(*this); }
bool LiveExchange::writeUpload(std::span<const char> bytes) noexcept {
  return dispatch_.writeUpload(*this, bytes);
}
void LiveExchange::finishUpload() noexcept { dispatch_.finishUpload(*this); }
void LiveExchange::dropUpload() noexcept { sink_.reset(); }
bool LiveExchange::nextPiece() noexcept { return dispatch_.nextPiece(*this); }
void LiveExchange::refuse(const engine::Refusal& refusal) noexcept {
  dispatch_.refuse(*this, refusal);
}
void LiveExchange::completed(engine::Outcome outcome) noexcept {
  dispatch_.completed(*this, outcome);
  reset();
}

void LiveExchange::reset() {
  live_ = nullptr;
  chains_ = nullptr;
  method_known_ = started_ = sealed_ = https_ = decoded_ = false;
  method_ = Method::Get;
  match_.entry = nullptr;
  match_.other = nullptr;
  match_.allowed = 0;
  refused_.status = 0;
  refused_.problem.clear();
  hash_work_ = nullptr;
  caller_ = Caller();
  extra_.clear();
  fields_.clear();
  user_text_size_ = 0;
  request_id_size_ = 0;
  peer_text_.clear();
  forwarded_host_.clear();
  endpoint_.clear();
  content_type_.clear();
  sink_.reset();
  rest_.reset();
}

std::string_view LiveExchange::path() const noexcept {
  if (decoded_) {
    return decoded_path_;
  }
  const std::string_view raw = head.path();
  return raw.empty() ? std::string_view("/") : raw;
}

std::vector<std::pair<std::string_view, std::string_view>> LiveExchange::allHeaders() const {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (std::size_t i = 0; i < head.fieldCount(); ++i) {
    all.emplace_back(head.fieldName(i), head.fieldValue(i));
  }
  return all;
}

std::string_view LiveExchange::routeParameter(std::string_view name) const noexcept {
  if (match_.entry == nullptr) {
    return {};
  }
  const auto& names = match_.entry->parameters;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return {};
  }
  const Router::Span span = match_.values[static_cast<std::size_t>(found - names.begin())];
  return path().substr(span.at, span.size);
}

std::string_view LiveExchange::routePattern() const noexcept {
  return match_.entry == nullptr ? std::string_view()
                                 : std::string_view(match_.entry->route->pattern);
}

std::string_view LiveExchange::contentType() const noexcept {
  if (content_type_.empty()) {
    std::string_view value = head.find("content-type");
    value = value.substr(0, value.find(';'));
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) {
      value.remove_suffix(1);
    }
    content_type_ = lowered(value);
  }
  return content_type_;
}

const Router::Entry* LiveExchange::entryOfPath() const noexcept {
  return match_.entry != nullptr ? match_.entry : match_.other;
}

void LiveExchange::addStandingHeaders() {
  const Router::Entry* entry = entryOfPath();
  if (entry != nullptr && method_ != Method::Options) {
    const auto& headers = entry->route->standing_headers;
    extra_.insert(extra_.end(), headers.begin(), headers.end());
  }
}

std::string LiveExchange::siteOrigin() const { return live_->siteOrigin(scheme(), host()); }

bool LiveExchange::isCrossSite() const noexcept { return http::isCrossSite(*live_, *this); }

void LiveExchange::addHeader(std::string name, std::string value) {
  extra_.push_back({std::move(name), std::move(value)});
}

bool LiveExchange::isHidden(std::size_t parameter) const noexcept {
  const Router::Entry& entry = *entryOfPath();
  const auto& secrets = entry.route->secret_parameters;
  return match_.values[parameter].size > LongestWord ||
         std::find(secrets.begin(), secrets.end(), entry.parameters[parameter]) != secrets.end();
}

std::string_view LiveExchange::endpoint() const noexcept {
  const Router::Entry* entry = entryOfPath();
  const std::size_t count = entry == nullptr ? 0 : entry->parameters.size();
  if (endpoint_.empty()) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (isHidden(i)) {
        endpoint_.append(path().substr(at, match_.values[i].at - at)).append("…");
        at = match_.values[i].at + match_.values[i].size;
      }
    }
    if (at > 0) {
      endpoint_.append(path().substr(at));
    }
  }
  return endpoint_.empty() ? path() : endpoint_;
}

std::int64_t LiveExchange::elapsedUs() const noexcept {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count() - started_us;
}

void LiveExchange::noteUser() noexcept {
  if (caller_.user_id) {
    char* const begin = user_text_.data();
    const auto [end, failure] = std::to_chars(begin, begin + user_text_.size(), *caller_.user_id);
    user_text_size_ = failure == std::errc() ? static_cast<std::size_t>(end - begin) : 0;
  }
}

void LiveExchange::respond(int status_code, std::string_view problem,
                           std::uint32_t retry_after_ms) noexcept {
  refused_.status = status_code;
  refused_.problem.assign(problem.substr(0, ProblemBytes));
  refused_.retry_after_ms = retry_after_ms;
}

void LiveExchange::setHeader(std::string_view name, std::string_view value) noexcept {
  setFieldLine(fields_, name, value);
}

}  // namespace reeld::http
