#include "api/client.h"

namespace reeld::api {

users::Client clientOf(const http::Exchange& exchange) {
  return {.address = std::string(exchange.peer()),
          .user_agent = std::string(exchange.header("user-agent"))};
}

}  // namespace reeld::api
