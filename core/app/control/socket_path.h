// Where the control socket lies, and connecting to a path.
#pragma once
#include "app/control/wire.h"

#include <string>

namespace reeld::app::control {

/// $RUNTIME_DIRECTORY/reeldctl.sock under systemd, else <data_dir>/reeldctl.sock.
std::string socketPath(const std::string& data_dir);

/// A bound (not yet listening) unix stream socket. Throws Error.
FileDescriptor bindSocket(const std::string& path);
/// Throws Error: UNAVAILABLE if nobody listens there, DENIED if we may not, each with what to do.
FileDescriptor connectSocket(const std::string& path);

}  // namespace reeld::app::control
