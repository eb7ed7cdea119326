#include "app/control/client.h"

#include "app/control/socket_path.h"

namespace reeld::app::control {

Client::Client(const std::string& path) : wire_(connectSocket(path)) {}

Json Client::call(const std::string& command, const Json& args, int file,
                  const Progress& progress) {
  std::optional<Error> unsent;
  try {
    wire_.write(Json::Object{{"command", command}, {"args", args}}, file);
  } catch (const Error& error) {
    unsent = error;  // a daemon that turns us away says why before it closes
  }
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
  if (unsent) {
    throw *unsent;
  }
  throw Error(ErrorCode::Unavailable, "the daemon ended the connection without an answer");
}

}  // namespace reeld::app::control
