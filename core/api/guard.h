// From credential to viewer, in two steps. identify() runs on the event loop: signature and expiry
// of the bearer token, nothing else; what it finds is the key of the interceptors. admit() runs in
// the lane: is the session still good, is the user active, which role has he now, and does the
// route let him in.
#pragma once
#include "base/clock.h"
#include "base/token.h"
#include "db/database.h"
#include "http/route.h"
#include "users/user.h"

namespace reeld::api {

class Guard {
 public:
  Guard(db::Database& database, const TokenSigner& signer, const Clock& clock);

  /// CPU only. Without a credential the caller stays as it is; a bad one leaves its reason in
  /// `failure`.
  void identify(http::Exchange& exchange) const;

  /// What the server asks in the lane of every route that does not guard itself.
  void check(http::Exchange& exchange, const http::Route& route) const;

  /// Throws UNAUTHENTICATED or DENIED. Leaves the role of this moment in the caller.
  users::Viewer admit(http::Exchange& exchange, http::Access access) const;

 private:
  db::Database& database_;
  const TokenSigner& signer_;
  const Clock& clock_;
};

/// The viewer whom the guard has let in; throws INTERNAL if it was never asked.
users::Viewer viewerOf(const http::Exchange& exchange);

}  // namespace reeld::api
