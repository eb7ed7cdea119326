// A request as a handler sees it, made by hand.
#pragma once
#include "http/exchange.h"

#include <map>
#include <string>
#include <vector>

namespace reeld::test {

class FakeExchange final : public http::Exchange {
 public:
  http::Method method() const noexcept override { return method_asked; }
  std::string_view path() const noexcept override { return path_text; }
  std::string_view query() const noexcept override { return query_text; }
  std::string_view header(std::string_view lower_name) const noexcept override {
    const auto found = headers.find(std::string(lower_name));
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
  std::vector<std::pair<std::string_view, std::string_view>> allHeaders() const override {
    return {headers.begin(), headers.end()};
  }
  std::string_view routeParameter(std::string_view name) const noexcept override {
    const auto found = parameters.find(std::string(name));
    return found == parameters.end() ? std::string_view() : std::string_view(found->second);
  }
  std::string_view routePattern() const noexcept override { return ""; }
  std::string_view requestId() const noexcept override { return "request"; }
  std::string_view peer() const noexcept override { return "192.0.2.1"; }
  std::string_view scheme() const noexcept override { return "http"; }
  std::string_view host() const noexcept override { return "localhost"; }
  std::string_view body() const noexcept override { return body_text; }
  std::string_view contentType() const noexcept override {
    const auto type = header("content-type");
    return type.substr(0, type.find(';'));
  }
  std::string siteOrigin() const override { return "http://localhost"; }
  bool isCrossSite() const noexcept override { return cross_site; }
  http::Caller& caller() noexcept override { return caller_; }
  void addHeader(std::string name, std::string value) override {
    added.push_back({std::move(name), std::move(value)});
  }

  http::Method method_asked = http::Method::Get;
  std::string path_text = "/";
  std::string query_text;
  std::string body_text;
  bool cross_site = false;
  std::map<std::string, std::string> headers;  ///< by lower-case name
  std::map<std::string, std::string> parameters;
  std::vector<http::Header> added;

 private:
  http::Caller caller_;
};

}  // namespace reeld::test
