// One handler for every method and path below a mount; the plugin tells them apart.
#include "plugin/adapters/routes.h"

#include "http/router.h"
#include "plugin/adapters/paused_reply.h"
#include "plugin/adapters/reply_spool.h"
#include "plugin/call.h"

#include <reeld/kind/routes.h>

#include <algorithm>
#include <array>

namespace reeld::plugin::adapters {
namespace {

constexpr std::uint32_t MostBody = 16U << 20;
constexpr std::array Methods = {http::Method::Get, http::Method::Post, http::Method::Put,
                                http::Method::Patch, http::Method::Delete};

bool isCredential(std::string_view name) noexcept {
  const auto is = [&](std::string_view lower) {
    return std::equal(name.begin(), name.end(), lower.begin(), lower.end(), [](char a, char b) {
      return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
  };
  return is("authorization") || is("cookie") || is("proxy-authorization");
}

std::string_view methodOf(const http::Exchange& exchange) noexcept {
  switch (exchange.method()) {
    case http::Method::Post:
      return "POST";
    case http::Method::Put:
      return "PUT";
    case http::Method::Patch:
      return "PATCH";
    case http::Method::Delete:
      return "DELETE";
    default:
      return "GET";
  }
}

/// "GET, POST": whether a method is among them; without a list all are.
bool isAmong(std::string_view method, const char* list) noexcept {
  std::string_view left = list == nullptr ? std::string_view() : std::string_view(list);
  if (left.empty()) {
    return true;
  }
  while (!left.empty()) {
    const std::string_view word = left.substr(0, left.find_first_of(", "));
    if (word == method) {
      return true;
    }
    left.remove_prefix(std::min(left.size(), word.size() + 1));
  }
  return false;
}

http::Response handle(Instance& instance, std::size_t mount_size, http::Exchange& exchange) {
  Call call(instance, HandleDeadline);
  const auto& table = call.table<reeld_routes>(REELD_ROUTES);
  const auto& caller = exchange.caller();
  const std::string user = caller.user_id ? std::to_string(*caller.user_id) : "";
  call.forRequest(exchange.requestId(), user);
  std::vector<reeld_pair> headers;
  for (const auto& [name, value] : exchange.allHeaders()) {
    if (!isCredential(name)) {
      headers.push_back({abi(name), abi(value)});
    }
  }
  const std::string_view below = exchange.path().substr(mount_size);
  reeld_message message{};
  message.struct_size = sizeof message;
  message.method = abi(methodOf(exchange));
  message.path = abi(below.empty() ? "/" : below);
  message.query = abi(exchange.query());
  message.headers = {headers.data(), headers.size()};
  message.body = abiBytes(exchange.body());
  ReplySpool::Keep keep;
  if (REELD_HAS(&table, drop) && table.more != nullptr && table.drop != nullptr) {
    keep = [&](void* state) {
      return std::make_shared<PausedReply>(instance, call,
                                           Asker{std::string(exchange.requestId()), user}, state);
    };
  }
  ReplySpool reply(instance.dataDir(), std::move(keep));
  call.require(table.handle(call.self(), call.context(), &message, reply.abi(), call.error()));
  return reply.take();
}

}  // namespace

http::Routes routes(Instance& instance, const std::string& mount, http::Access access) {
  const auto* table = static_cast<const reeld_routes*>(instance.table(REELD_ROUTES));
  const char* const known = REELD_HAS(table, methods) ? table->methods : nullptr;
  http::Routes made;
  const bool is_alone = REELD_HAS(table, flags) && (table->flags & REELD_AT_MOUNT_ALONE) != 0;
  for (const char* below : {"", "/{path*}"}) {
    if (is_alone && *below != '\0') {
      continue;
    }
    for (const http::Method method : Methods) {
      if (!isAmong(http::methodName(method), known)) {
        continue;
      }
      http::Route route;
      route.method = method;
      route.pattern = mount + below;
      route.access = access;
      route.group = http::RouteGroup::Plugin;
      route.max_body = std::min(table->max_body, MostBody);
      route.handler = [&instance, size = mount.size()](http::Exchange& exchange) {
        return handle(instance, size, exchange);
      };
      made.push_back(std::move(route));
    }
  }
  return made;
}

}  // namespace reeld::plugin::adapters
