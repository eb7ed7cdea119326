// Mails as files: every mail is one .eml below a folder, there whole or not at all. For trying
// reeld out, and for sites that hand mail on by a program of their own.
#include "mail_folder.h"

#include <rapidjson/document.h>
#include <reeld/plugin.hpp>

using namespace reeld::sdk;

namespace notifier_outbox {
namespace {

/// Where instances live below reeld's data folder, mails lie beside them in "mail".
std::string defaultFolder(const Host& host) {
  const std::string own(host.dataDir());
  const std::string below = "/instances/" + std::string(host.instance());
  return (own.ends_with(below) ? own.substr(0, own.size() - below.size()) : own) + "/mail";
}

std::string folderOf(const Host& host, std::string_view config) {
  rapidjson::Document json;
  json.Parse(config.data(), config.size());
  // The host validated it against our schema; another host (a test) may not have.
  if (!json.IsObject() || !json.HasMember("path") || !json["path"].IsString()) {
    throw Failure(REELD_INVALID, "must be a text").at("/path");
  }
  const std::string path = json["path"].GetString();
  if (!path.empty() && path.front() != '/') {
    throw Failure(REELD_INVALID, "must be an absolute path (got \"" + path + "\")").at("/path");
  }
  return path.empty() ? defaultFolder(host) : path;
}

bool isFileName(std::string_view key) {
  constexpr size_t Longest = 100;
  return !key.empty() && key.size() <= Longest &&
         key.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string_view::npos;
}

class NotifierOutbox {
 public:
  static constexpr auto id = "org.reeld.notifier-outbox";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Mails in a folder";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "path": {"type": "string", "default": "", "maxLength": 4096, "pattern": "^(/.*)?$",
               "description": "absolute path of the folder; empty = mail in reeld's data_dir"}
    }
  })";

  NotifierOutbox(Host host, std::string_view config) : folder_(folderOf(host, config)) {
    host.info("mails are written to a folder", {{"path", folder_.path()}});
  }

  void health() { folder_.requireWritable(); }

  void send(Call, const Notice& notice) {
    if (notice.channel() != "mail") {
      throw Failure(REELD_UNSUPPORTED, "only mail is written here");
    }
    if (!isFileName(notice.key())) {
      throw Failure(REELD_INVALID, "the notice's key is no file name");
    }
    folder_.write(std::string(notice.key()) + ".eml", notice.message());
  }

 private:
  MailFolder folder_;
};

}  // namespace
}  // namespace notifier_outbox

using notifier_outbox::NotifierOutbox;
REELD_PLUGIN(NotifierOutbox)
