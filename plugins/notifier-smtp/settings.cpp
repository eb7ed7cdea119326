#include "settings.h"

#include "password_file.h"

#include <rapidjson/document.h>
#include <reeld/cpp/contain.hpp>

#include <algorithm>

using reeld::sdk::Failure;

namespace notifier_smtp {

namespace {

/// The host validated it against our schema; another host (a test) may not have.
class Reader {
 public:
  explicit Reader(std::string_view config) { json_.Parse(config.data(), config.size()); }

  std::string text(const char* key) const {
    if (!json_.IsObject() || !json_.HasMember(key) || !json_[key].IsString()) {
      throw Failure(REELD_INVALID, "must be a text").at(std::string("/") + key);
    }
    const std::string value(json_[key].GetString(), json_[key].GetStringLength());
    if (std::any_of(value.begin(), value.end(),
                    [](unsigned char c) { return c < ' ' || c == 0x7f; })) {
      throw Failure(REELD_INVALID, "must not have control characters").at(std::string("/") + key);
    }
    return value;
  }
  long number(const char* key, long least, long most) const {
    if (!json_.IsObject() || !json_.HasMember(key) || !json_[key].IsInt() ||
        json_[key].GetInt() < least || json_[key].GetInt() > most) {
      throw Failure(REELD_INVALID, "must be a number from " + std::to_string(least) + " to " +
                                       std::to_string(most))
          .at(std::string("/") + key);
    }
    return json_[key].GetInt();
  }

 private:
  rapidjson::Document json_;
};

Tls tlsOf(const std::string& word) {
  if (word == "none") {
    return Tls::None;
  }
  if (word == "implicit") {
    return Tls::Implicit;
  }
  if (word != "starttls") {
    throw Failure(REELD_INVALID, "must be none, starttls or implicit").at("/tls");
  }
  return Tls::StartTls;
}

long usualPort(Tls tls) {
  constexpr long Submission = 587;
  constexpr long Submissions = 465;
  constexpr long Smtp = 25;
  return tls == Tls::StartTls ? Submission : tls == Tls::Implicit ? Submissions : Smtp;
}

bool isThisMachine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

Settings readSettings(std::string_view config_json) {
  constexpr long MaxPort = 65535;
  constexpr long MaxTimeout = 55;  // the host waits for a minute
  const Reader config(config_json);
  Settings settings;
  settings.host = config.text("host");
  if (settings.host.empty() || settings.host.find_first_of("/@?#[]% ") != std::string::npos) {
    throw Failure(REELD_INVALID, "must be a host name or an address").at("/host");
  }
  settings.tls = tlsOf(config.text("tls"));
  settings.port = config.number("port", 0, MaxPort);
  if (settings.port == 0) {
    settings.port = usualPort(settings.tls);
  }
  settings.user = config.text("user");
  settings.ca_file = config.text("ca_file");
  settings.hello = config.text("hello");
  settings.timeout_seconds = config.number("timeout_seconds", 1, MaxTimeout);
  settings.password_file = config.text("password_file");
  if (settings.user.empty() != settings.password_file.empty()) {
    throw Failure(REELD_INVALID, "user and password_file go together")
        .at(settings.user.empty() ? "/user" : "/password_file");
  }
  if (!settings.user.empty()) {
    if (settings.tls == Tls::None && !isThisMachine(settings.host)) {
      throw Failure(REELD_INVALID, "would send the password in the clear: use starttls or implicit")
          .at("/tls");
    }
    readPasswordFile(settings.password_file);
  }
  return settings;
}

}  // namespace notifier_smtp
