// Every setting of the daemon: one struct per section of the YAML, the default in place, a sentence
// per field. config/keys.cpp binds each field to its key; etc/reeld.yaml says the same to the
// administrator (a test holds the three together). Plain values: no parsing, no checks, no file is
// touched here.
#pragma once
#include "base/json.h"
#include "base/json_schema.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::config {

/// A number, or nothing for "auto": the daemon chooses.
using AutoNumber = std::optional<std::int64_t>;

/// What must stay free on the volume: a number of bytes, or a share of its size.
struct FreeSpace {
  std::uint64_t bytes = 0;
  double percent = 0;
  /// The bytes to keep free on a volume of that size.
  std::uint64_t of(std::uint64_t volume_bytes) const {
    return percent > 0
               ? static_cast<std::uint64_t>(static_cast<double>(volume_bytes) * percent / 100)
               : bytes;
  }
  bool operator==(const FreeSpace&) const = default;
};

struct HttpSettings {
  std::string listen = "127.0.0.1:8470";  ///< address:port of the API and of playback; port 0 = any
  std::string admin_listen = "127.0.0.1:8471";  ///< address:port of health and metrics; "" = none
  std::string public_url;  ///< where clients find the API; https makes cookies Secure; "" = unknown
  std::vector<std::string>
      trusted_proxies;  ///< addresses or networks whose X-Forwarded-* are believed
  std::vector<std::string> cors_origins;  ///< origins of web pages that may call the API
  AutoNumber threads;                     ///< event loops; auto = one per core
  AutoNumber worker_threads;              ///< for database and plugins; auto = by cores
  std::int64_t max_connections = 16384;   ///< beyond it 503
  std::int64_t max_connections_per_address =
      256;  ///< the same for one address; loopback is exempt; 0 = no cap
  std::int64_t head_timeout_seconds = 10;         ///< for the whole head of a request
  std::int64_t idle_timeout_seconds = 60;         ///< between two requests of a connection
  std::int64_t write_timeout_seconds = 30;        ///< without the client taking a byte
  std::int64_t min_body_bytes_per_second = 1024;  ///< a slower body is cut off
  std::int64_t drain_delay_seconds = 0;           ///< /readyz says no, but all is still accepted
  std::int64_t drain_seconds = 30;                ///< for requests under way at shutdown
  AutoNumber send_buffer_bytes;            ///< per connection; auto = bounded for near clients
  std::uint64_t max_json_bytes = 1 << 20;  ///< largest JSON body
  bool operator==(const HttpSettings&) const = default;
};

struct DatabaseSettings {
  std::string url =
      "sqlite:reeld.db";  ///< or "postgresql://reeld@/reeld"; a file is below data_dir
  std::int64_t pool = 8;  ///< PostgreSQL sessions, or readers of SQLite
  std::string migrate =
      "auto";  ///< auto: bring the schema up at start; check: refuse to start instead
  bool operator==(const DatabaseSettings&) const = default;
};

/// How often credentials may be wrong in a minute before the next try has to wait; 0 = never.
struct ThrottleSettings {
  std::int64_t account_failures = 10;     ///< failed sign-ins under one e-mail address
  std::int64_t address_failures = 100;    ///< failed sign-ins from one client address
  std::int64_t registrations = 30;        ///< registrations from one client address
  std::int64_t reset_mails_per_hour = 5;  ///< to one mailbox; further ones are silently not sent
  bool operator==(const ThrottleSettings&) const = default;
};

struct AuthSettings {
  std::string secret_file;  ///< signs tokens and grants; "" = made at first start (SQLite only)
  std::int64_t access_minutes = 15;         ///< life of an access token
  std::int64_t cookie_access_minutes = 30;  ///< the same of one that is carried in a cookie
  std::int64_t refresh_days = 7;            ///< a session ends when it is not refreshed so long
  bool videoflix_activation = true;         ///< who registers there first follows a mailed link
  bool v1_activation = false;               ///< the same in v1
  ThrottleSettings throttle;
  bool operator==(const AuthSettings&) const = default;
};

struct AdminSettings {
  std::string email;          ///< this administrator is created at first start ...
  std::string password_file;  ///< ... with the password in this file
  bool operator==(const AdminSettings&) const = default;
};

struct MailSettings {
  std::string from = "reeld@localhost";                ///< the sender's address
  std::string from_name;                               ///< the sender's name, as people see it
  std::string frontend_url = "http://127.0.0.1:5500";  ///< what links in mails begin with
  std::int64_t retry_first_seconds = 30;      ///< until a mail that failed is tried again; doubles
  std::int64_t retry_longest_seconds = 3600;  ///< the longest such pause
  std::int64_t give_up_seconds = 86400;       ///< a mail that failed so long is given up
  bool operator==(const MailSettings&) const = default;
};

struct UploadSettings {
  std::uint64_t max_bytes = std::uint64_t{20} << 30;  ///< largest source file
  std::uint64_t quota_bytes = 0;                      ///< of all sources of one user; 0 = none
  FreeSpace reserve_free{.bytes = 0,
                         .percent = 5};  ///< uploads that would leave less are refused (507)
  bool operator==(const UploadSettings&) const = default;
};

struct ProcessingSettings {
  AutoNumber concurrency;  ///< encoder tasks at once; auto = by cores
  std::vector<std::int64_t> ladder = {480, 720,
                                      1080};  ///< short sides of the renditions; never upscaled
  std::string preset = "veryfast";            ///< x264's speed
  double crf = 20;                            ///< x264's quality; lower is better and larger
  std::string copy = "auto";                  ///< auto, or off: every rendition is encoded
  std::string sandbox = "required";           ///< required, or off (only for finding faults)
  std::int64_t lease_seconds = 60;       ///< a job whose worker is silent so long is taken over
  std::int64_t max_attempts = 5;         ///< tries of a job before it is given up
  std::int64_t max_pixels = 36'000'000;  ///< of one picture of a source
  std::int64_t max_duration_seconds = 86400;  ///< of a source
  bool operator==(const ProcessingSettings&) const = default;
};

struct PackagingSettings {
  std::int64_t segment_seconds = 4;                       ///< nominal length of a segment
  std::vector<std::string> formats = {"hls-ts", "cmaf"};  ///< what a video plays as
  bool has(const std::string& format) const {
    return std::find(formats.begin(), formats.end(), format) != formats.end();
  }
  bool operator==(const PackagingSettings&) const = default;
};

struct CatalogSettings {
  std::int64_t purge_after_days = 30;  ///< a deleted video can be restored so long; 0 = for ever
  bool operator==(const CatalogSettings&) const = default;
};

struct MoneySettings {
  std::string currency = "EUR";          ///< of every price, ISO 4217; with two places
  std::int64_t creator_share_bp = 8000;  ///< of a sale, in basis points; the rest is the site's
  bool operator==(const MoneySettings&) const = default;
};

struct LogSettings {
  std::string level = "info";   ///< error, warning, info, debug
  std::string format = "auto";  ///< text, journal, json; auto = journal under systemd, else text
  bool operator==(const LogSettings&) const = default;
};

/// A plugin to load, under a name of its own.
struct PluginSettings {
  std::string name;      ///< the key: in logs, metrics and the lists below
  std::string use;       ///< file name without .so, searched in plugin_dirs
  bool required = true;  ///< false: the daemon starts without it if it fails
  Json config;           ///< checked against the plugin's own schema; null = none given
  std::vector<LooseText> loose = {};  ///< values in it that the plugin's schema gives their type
  std::string mount = {};             ///< where its routes are; "" = /x/NAME
  std::string access = "user";        ///< who may: admin, user or public
};

/// Kinds of routes, in the order of http/route_group.h.
constexpr std::array<std::string_view, 9> RouteGroups = {
    "api", "auth", "stream", "upload", "media", "health", "docs", "plugin", "unmatched"};

/// A place in the chain of interceptors.
struct InterceptorSettings {
  std::string name;                       ///< the instance
  std::vector<std::string> include = {};  ///< groups of routes; none = all
  std::vector<std::string> exclude = {};  ///< of those, not these
  bool operator==(const InterceptorSettings&) const = default;
};

struct Settings {
  std::vector<std::string> roles = {"api", "worker"};  ///< what this daemon does
  std::string data_dir = "/var/lib/reeld";             ///< everything the daemon writes
  std::vector<std::string> plugin_dirs = {"/usr/local/lib/reeld/plugins", "/usr/lib/reeld/plugins"};
  HttpSettings http;
  DatabaseSettings database;
  AuthSettings auth;
  AdminSettings admin;
  MailSettings mail;
  UploadSettings upload;
  ProcessingSettings processing;
  PackagingSettings packaging;
  CatalogSettings catalog;
  MoneySettings money;
  LogSettings log;
  std::vector<PluginSettings> plugins = {
      {"password", "auth-password", true, {}},
      {"disk", "storage-disk", true, {}},
      {"libav", "encoder-libav", true, {}},
      {"outbox", "notifier-outbox", true, {}},
      {"rate-limit", "rate-limit", true, {}},
      {"audit", "audit-trail", true, {}, {}, "/api/v1/audit", "admin"},
      {"rollup", "analytics-rollup", true, {}},
      {"sandbox", "payment-sandbox", true, {}},
      {"plans", "subscription-plans", true, {}}};
  std::vector<std::string> auth_providers = {"password"};  ///< asked in this order
  std::string storage = "disk";                            ///< the instance that keeps the bytes
  std::string encoder = "libav";                           ///< the instance that encodes
  std::string notifier = "outbox";                         ///< the instance that sends mail
  std::string payment = "sandbox";     ///< the instance that takes money; "" = nothing is sold
  std::string subscription = "plans";  ///< the instance that has the plans; "" = there are none
  std::vector<std::string> analytics = {"audit", "rollup"};  ///< instances that are told of events
  /// Run around requests, outermost first.
  std::vector<InterceptorSettings> interceptors = {{.name = "audit"}, {.name = "rate-limit"}};

  bool hasRole(const std::string& role) const {
    for (const auto& mine : roles) {
      if (mine == role) {
        return true;
      }
    }
    return false;
  }
};

}  // namespace reeld::config
