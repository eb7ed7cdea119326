#include "app/control/client.h"

#include "app/control/socket_path.h"

namespace reeld::app::control {

Client::Client(const std::string& path) : wire_(connectSocket(path)) {}

Json Client::call(const std::string& command, const Json& args, int file,
                  const Progress& progress) {
  wire_.write(Json::Object{{"command", command}, {"args", args}}, file);
  while (const auto line = wire_.read()) {
    const Json answer = Json::parse(line->text);
    if (const Json* error = answer.find("error")) {
      throw fromJson(*error);
    }
    if (const Json* result = answer.find("result")) {
      return *result;
    }
    if (const Json* step = answer.find("progress"); step != nullptr && progress) {
      progress(*step);
    }
  }
  throw Error(ErrorCode::Unavailable, "the daemon ended the connection without an answer");
}

}  // namespace reeld::app::control
