#include "config/keys.h"

#include "config/chain_key.h"
#include "config/text_checks.h"

#include <algorithm>

namespace reeld::config {

const std::vector<Key>& allKeys() {
  using S = Settings;
  using Http = HttpSettings;
  using Auth = AuthSettings;
  using Throttle = ThrottleSettings;
  using Proc = ProcessingSettings;
  using Mail = MailSettings;
  constexpr std::int64_t Day = 86400;
  constexpr std::uint64_t MiB = 1 << 20;
  constexpr std::uint64_t Most = std::uint64_t{1} << 50;
  // Built once, never changed: not state, but the table the comment at the top of this file
  // promises.
  static const std::vector<Key> keys = {
      words("roles", in(&S::roles), {"api", "worker"}),
      text("data_dir", in(&S::data_dir), absolutePath),
      texts("plugin_dirs", in(&S::plugin_dirs), absolutePath),

      text("http.listen", in(&S::http, &Http::listen), listenAddress),
      text("http.admin_listen", in(&S::http, &Http::admin_listen), listenAddressOrNone),
      text("http.public_url", in(&S::http, &Http::public_url), originOrNone),
      texts("http.trusted_proxies", in(&S::http, &Http::trusted_proxies), addressOrNetwork),
      texts("http.cors_origins", in(&S::http, &Http::cors_origins), origin),
      autoNumber("http.threads", in(&S::http, &Http::threads), 1, 256),
      autoNumber("http.worker_threads", in(&S::http, &Http::worker_threads), 1, 1024),
      number("http.max_connections", in(&S::http, &Http::max_connections), 1, 1'000'000),
      number("http.max_connections_per_address", in(&S::http, &Http::max_connections_per_address),
             0, 1'000'000),
      number("http.head_timeout_seconds", in(&S::http, &Http::head_timeout_seconds), 1, 3600),
      number("http.idle_timeout_seconds", in(&S::http, &Http::idle_timeout_seconds), 1, 3600),
      number("http.write_timeout_seconds", in(&S::http, &Http::write_timeout_seconds), 1, 3600),
      number("http.min_body_bytes_per_second", in(&S::http, &Http::min_body_bytes_per_second), 0,
             1'000'000'000),
      number("http.drain_delay_seconds", in(&S::http, &Http::drain_delay_seconds), 0, 300),
      number("http.drain_seconds", in(&S::http, &Http::drain_seconds), 0, 3600),
      autoNumber("http.send_buffer_bytes", in(&S::http, &Http::send_buffer_bytes), 4096, 64 << 20),
      bytes("http.max_json_bytes", in(&S::http, &Http::max_json_bytes), 1024, 64 * MiB),

      text("database.url", in(&S::database, &DatabaseSettings::url), databaseUrl),
      number("database.pool", in(&S::database, &DatabaseSettings::pool), 1, 256),
      word("database.migrate", in(&S::database, &DatabaseSettings::migrate), {"auto", "check"}),

      text("auth.secret_file", in(&S::auth, &Auth::secret_file), secretPathOrNone),
      number("auth.access_minutes", in(&S::auth, &Auth::access_minutes), 1, 60),
      number("auth.cookie_access_minutes", in(&S::auth, &Auth::cookie_access_minutes), 1, 60),
      number("auth.refresh_days", in(&S::auth, &Auth::refresh_days), 1, 30),
      yesNo("auth.videoflix_activation", in(&S::auth, &Auth::videoflix_activation)),
      yesNo("auth.v1_activation", in(&S::auth, &Auth::v1_activation)),
      number("auth.throttle.account_failures",
             in(&S::auth, &Auth::throttle, &Throttle::account_failures), 0, 1'000'000),
      number("auth.throttle.address_failures",
             in(&S::auth, &Auth::throttle, &Throttle::address_failures), 0, 1'000'000),
      number("auth.throttle.registrations", in(&S::auth, &Auth::throttle, &Throttle::registrations),
             0, 1'000'000),
      number("auth.throttle.reset_mails_per_hour",
             in(&S::auth, &Auth::throttle, &Throttle::reset_mails_per_hour), 0, 1'000'000),

      text("admin.email", in(&S::admin, &AdminSettings::email), emailOrNone),
      text("admin.password_file", in(&S::admin, &AdminSettings::password_file), secretPathOrNone),

      text("mail.from", in(&S::mail, &Mail::from), mailAddress),
      text("mail.from_name", in(&S::mail, &Mail::from_name), oneLine),
      text("mail.frontend_url", in(&S::mail, &Mail::frontend_url), pageAddress),
      number("mail.retry_first_seconds", in(&S::mail, &Mail::retry_first_seconds), 1, Day),
      number("mail.retry_longest_seconds", in(&S::mail, &Mail::retry_longest_seconds), 1, Day),
      number("mail.give_up_seconds", in(&S::mail, &Mail::give_up_seconds), 1, 7 * Day),

      bytes("upload.max_bytes", in(&S::upload, &UploadSettings::max_bytes), 1, Most),
      bytes("upload.quota_bytes", in(&S::upload, &UploadSettings::quota_bytes), 0, Most),
      freeSpace("upload.reserve_free", in(&S::upload, &UploadSettings::reserve_free)),

      autoNumber("processing.concurrency", in(&S::processing, &Proc::concurrency), 1, 256),
      risingNumbers("processing.ladder", in(&S::processing, &Proc::ladder), 144, 4320),
      word("processing.preset", in(&S::processing, &Proc::preset),
           {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
            "veryslow"}),
      real("processing.crf", in(&S::processing, &Proc::crf), 0, 51),
      word("processing.copy", in(&S::processing, &Proc::copy), {"auto", "off"}),
      word("processing.sandbox", in(&S::processing, &Proc::sandbox), {"required", "off"}),
      number("processing.lease_seconds", in(&S::processing, &Proc::lease_seconds), 5, 3600),
      number("processing.max_attempts", in(&S::processing, &Proc::max_attempts), 1, 100),
      number("processing.max_pixels", in(&S::processing, &Proc::max_pixels), 1, 16384LL * 16384),
      number("processing.max_duration_seconds", in(&S::processing, &Proc::max_duration_seconds), 1,
             30 * Day),

      number("packaging.segment_seconds", in(&S::packaging, &PackagingSettings::segment_seconds), 1,
             30),
      words("packaging.formats", in(&S::packaging, &PackagingSettings::formats),
            {"hls-ts", "cmaf"}),

      number("catalog.purge_after_days", in(&S::catalog, &CatalogSettings::purge_after_days), 0,
             3650),

      text("money.currency", in(&S::money, &MoneySettings::currency), currencyCode),
      number("money.creator_share_bp", in(&S::money, &MoneySettings::creator_share_bp), 0, 10'000),

      word("log.level", in(&S::log, &LogSettings::level), {"error", "warning", "info", "debug"}),
      word("log.format", in(&S::log, &LogSettings::format), {"auto", "text", "journal", "json"}),

      texts("auth_providers", in(&S::auth_providers), instanceName),
      text("storage", in(&S::storage), instanceName),
      text("encoder", in(&S::encoder), instanceName),
      text("notifier", in(&S::notifier), instanceName),
      text("payment", in(&S::payment), instanceNameOrNone),
      text("subscription", in(&S::subscription), instanceNameOrNone),
      texts("analytics", in(&S::analytics), instanceName),
      chain("interceptors", in(&S::interceptors)),
  };
  return keys;
}

const Key* findKey(const std::string& name) {
  const auto& keys = allKeys();
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

bool isSection(const std::string& name) {
  const auto& keys = allKeys();
  return std::any_of(keys.begin(), keys.end(),
                     [&](const Key& key) { return key.name.starts_with(name + "."); });
}

std::vector<std::string> namesBelow(const std::string& section) {
  const std::string prefix = section.empty() ? "" : section + ".";
  std::vector<std::string> names;
  for (const auto& key : allKeys()) {
    if (key.name.starts_with(prefix)) {
      const std::string rest = key.name.substr(prefix.size());
      const std::string name = rest.substr(0, rest.find('.'));
      if (names.empty() || names.back() != name) {
        names.push_back(name);
      }
    }
  }
  if (section.empty()) {
    names.emplace_back("plugins");
  }
  return names;
}

std::vector<std::string> keysEndingIn(const std::string& leaf) {
  std::vector<std::string> names;
  for (const auto& key : allKeys()) {
    if (key.name.ends_with("." + leaf)) {
      names.push_back(key.name);
    }
  }
  return names;
}

}  // namespace reeld::config
