// Mail through a mail server, one connection per mail. The host keeps the queue and tries again;
// here a mail is handed over or it is said why not.
#include "settings.h"
#include "transfer.h"

#include <reeld/plugin.hpp>

#include <curl/curl.h>

#include <memory>
#include <mutex>

using namespace reeld::sdk;

namespace notifier_smtp {
namespace {

/// libcurl's own beginning and end; counted by it.
class Library {
 public:
  Library() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw Failure(REELD_INTERNAL, "libcurl cannot be used");
    }
  }
  ~Library() { curl_global_cleanup(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

class NotifierSmtp {
 public:
  static constexpr auto id = "org.reeld.notifier-smtp";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Mail through a mail server";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = Schema;

  NotifierSmtp(Host host, std::string_view config)
      : host_(host), settings_(std::make_shared<const Settings>(readSettings(config))) {
    tell();
  }

  void reconfigure(std::string_view config) {
    auto next = std::make_shared<const Settings>(readSettings(config));
    {
      const std::lock_guard lock(mutex_);
      settings_ = std::move(next);
    }
    tell();
  }

  void send(Call call, const Notice& notice) {
    if (notice.channel() != "mail") {
      throw Failure(REELD_UNSUPPORTED, "a mail server takes only mail");
    }
    deliver(*current(), {.from = notice.from(), .to = notice.to(), .message = notice.message()},
            call);
  }

 private:
  std::shared_ptr<const Settings> current() const {
    const std::lock_guard lock(mutex_);
    return settings_;
  }
  void tell() const {
    const auto settings = current();
    host_.info("mail goes through a server", {{"host", settings->host},
                                              {"port", std::to_string(settings->port)},
                                              {"user", settings->user}});
  }

  const Library library_;
  const Host host_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Settings> settings_;
};

}  // namespace
}  // namespace notifier_smtp

using notifier_smtp::NotifierSmtp;
REELD_PLUGIN(NotifierSmtp)
