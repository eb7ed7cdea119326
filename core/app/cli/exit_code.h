// What our programs end with (sysexits.h where it has a word for it).
#pragma once
#include "base/error.h"

namespace reeld::app::cli {

enum ExitCode : int {
  Success = 0,
  Failure = 1,     ///< at run time
  Usage = 2,       ///< the command line
  Temporary = 75,  ///< something outside is away or in the way for now, such as the database, a
                   ///< taken port, a full disk: try again
  Config =
      78,  ///< an administrator must change something first; the service manager does not retry
};

/// For an error that ends the start of the daemon.
constexpr ExitCode startFailure(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::Unavailable:
    case ErrorCode::Timeout:
    case ErrorCode::Exhausted:  // a full disk
      return Temporary;
    case ErrorCode::Invalid:
    case ErrorCode::Denied:
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
    case ErrorCode::Unsupported:
    case ErrorCode::Corrupt:
      return Config;
    default:
      return Failure;
  }
}

}  // namespace reeld::app::cli
