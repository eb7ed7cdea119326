// A command of the control socket: a name and what it does. The wiring registers them; the server
// knows no more of them than this.
#pragma once
#include "app/control/wire.h"
#include "base/error.h"
#include "base/json.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace reeld::app::control {

/// One request being worked on. Lives on its connection's thread.
class Request {
 public:
  virtual ~Request() = default;
  virtual const Json& args() const = 0;
  /// The file that came with the request; -1 if none did. Owned by the request.
  virtual int file() const = 0;
  /// One {"progress":...} line; throws Error CANCELLED once the client has gone or the daemon
  /// stops.
  virtual void progress(const Json& what) = 0;
  /// Waits, at most so long; throws as progress() does.
  virtual void pause(std::chrono::milliseconds time) = 0;

  // Arguments by name; each throws Error INVALID that names it.
  std::string text(const std::string& name) const;
  std::string text(const std::string& name, const std::string& fallback) const;
  std::int64_t integer(const std::string& name) const;
  std::int64_t integer(const std::string& name, std::int64_t fallback) const;
  /// The same, 0 or more.
  std::int64_t count(const std::string& name, std::int64_t fallback) const;
  bool flag(const std::string& name) const;  ///< false if absent
};

struct Command {
  std::string name;                   ///< "user list"
  std::function<Json(Request&)> run;  ///< throws Error
};
using Commands = std::vector<Command>;

}  // namespace reeld::app::control
