// The daemon's doors: the main and the admin listener, and the control socket.
#pragma once
#include "app/control/server.h"
#include "app/daemon/main_routes.h"
#include "app/service/health.h"
#include "app/service/inherited_sockets.h"
#include "app/service/reload.h"
#include "http/server.h"

#include <memory>

namespace reeld::app::daemon {

class Front {
 public:
  /// Binds the sockets; nothing is answered before start().
  Front(const config::Settings& settings, Foundation& foundation, Plugins& plugins,
        Services& services, service::Reload& reload, const config::Sources& sources,
        service::InheritedSockets sockets);
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  void start() { server_.start(); }
  /// Not ready from now on; requests in hand may finish.
  void drain(std::chrono::milliseconds delay, std::chrono::milliseconds within);

  http::Server& server() noexcept { return server_; }

 private:
  std::vector<http::Site> sites(const config::Settings& settings, Foundation& foundation,
                                Plugins& plugins, Services& services);
  control::Commands commands(const config::Settings& settings, Foundation& foundation,
                             Plugins& plugins, Services& services, service::Reload& reload,
                             const config::Sources& sources);

  db::Database& database_;
  service::Health health_;
  api::Guard guard_;
  api::SharedPages shared_pages_;
  http::FileCache file_cache_;
  MediaSources media_sources_;
  service::InheritedSockets sockets_;
  http::Server server_;
  control::Server control_;
};

}  // namespace reeld::app::daemon
