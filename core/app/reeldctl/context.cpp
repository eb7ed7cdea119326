#include "app/reeldctl/context.h"

#include "app/control/socket_path.h"
#include "base/error.h"
#include "config/load.h"

#include <unistd.h>

#include <charconv>
#include <ostream>

namespace reeld::app::reeldctl {

std::string text(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  if (value == nullptr || value->isNull()) {
    return "";
  }
  return value->isString() ? value->text() : value->dump();
}

std::int64_t integer(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  return value != nullptr && value->isInteger() ? value->integer() : 0;
}

bool flag(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  return value != nullptr && value->isBool() && value->boolean();
}

const Json& rowsOf(const Json& answer, std::string_view name) {
  const Json* rows = answer.find(name);
  if (rows == nullptr) {
    throw Error(ErrorCode::Internal, "the daemon's answer has no " + std::string(name) + " in it");
  }
  return *rows;
}

const std::string& Context::operand(std::size_t place, const std::string& name) const {
  if (place >= line_.operands().size()) {
    throw Error(ErrorCode::Invalid, name + " is missing").reason("usage");
  }
  return line_.operands()[place];
}

std::int64_t Context::number(const std::string& given, const std::string& name) const {
  std::int64_t number = 0;
  const auto result = std::from_chars(given.data(), given.data() + given.size(), number);
  if (result.ec != std::errc() || result.ptr != given.data() + given.size() || number < 1) {
    throw Error(ErrorCode::Invalid,
                name + " must be a whole number from 1 on (got \"" + given + "\")")
        .reason("usage");
  }
  return number;
}

Json Context::listArgs(const std::string& limit) const {
  Json args = Json::Object{{"limit", number(line_.value("limit", limit), "--limit")}};
  if (line_.has("state")) {
    args.set("state", line_.value("state"));
  }
  return args;
}

Json Context::call(const std::string& command, const Json& args, int file,
                   const control::Client::Progress& progress) {
  if (!client_) {
    client_ = std::make_unique<control::Client>(findSocket(line_));
  }
  return client_->call(command, args, file, progress);
}

Json Context::callOrSayHow(const std::string& command, const Json& args) {
  try {
    return call(command, args);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Unavailable) {
      throw;
    }
    const std::string file = line_.has("config") ? " --config " + line_.value("config") : "";
    throw Error(ErrorCode::Unavailable, std::string(error.what()) +
                                            "; what a start would say, plugins included, says "
                                            "`reeld --check-config" +
                                            file + "`");
  }
}

void Context::print(const Json& result,
                    const std::function<std::string(const Json&)>& human) const {
  streams_.out << (wantsJson() ? result.dump() + "\n" : human(result));
}

std::string findSocket(const cli::CommandLine& line) {
  if (line.has("socket")) {
    return line.value("socket");
  }
  if (line.has("data-dir")) {
    return line.value("data-dir") + "/reeldctl.sock";
  }
  const std::string of_service = "/run/reeld/reeldctl.sock";
  if (!line.has("config") && access(of_service.c_str(), F_OK) == 0) {
    return of_service;
  }
  config::Sources sources;
  sources.file = line.value("config", config::DefaultFile);
  sources.file_was_named = line.has("config");
  sources.environment = config::reeldVariables(environ);
  // Faults elsewhere in the file do not hide where the daemon lives.
  return control::socketPath(config::load(sources).settings.data_dir);
}

}  // namespace reeld::app::reeldctl
