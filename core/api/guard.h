// From credential to viewer, in two steps. identify() runs on the event loop: signature and expiry
// of the access token, nothing else; what it finds is the key of the interceptors. admit() runs in
// the lane: is the session still good, is the user active, which role has he now, and does the
// route let him in. The token comes as Bearer or in a cookie; a request with both is refused,
// because nobody could say whose it is: by v1 on every route that leaves the loop, public ones
// too; by the other surfaces where they ask who it is. A public route of the Videoflix surface
// takes nothing from an Authorization header, as its contract says, so there is no doubt there.
#pragma once
#include "base/clock.h"
#include "base/token.h"
#include "http/route.h"
#include "users/user.h"
#include "users/viewer_cache.h"

namespace reeld::api {

class Guard {
 public:
  /// Everything outlives this.
  Guard(users::ViewerCache& viewers, const TokenSigner& signer, const Clock& clock);

  /// CPU only. Without a credential the caller stays as it is; a bad one leaves its reason in
  /// `failure`.
  void identify(http::Exchange& exchange) const;

  /// Throws what admit() throws for a credential that is missing or no good by its signature. CPU
  /// only: for handlers that decide on the event loop.
  static void demandCredential(const http::Exchange& exchange);

  /// [hot] Whom admit() would let in, if that is known without asking the database and he came with
  /// a Bearer; his role is left in the caller then. Nothing = ask in a lane.
  std::optional<users::Viewer> known(http::Exchange& exchange) const;

  /// What the server asks in the lane of every route. Throws what admit() throws where the route
  /// does not guard itself, and INVALID (reason credentials-mixed) for v1 in any case.
  void check(http::Exchange& exchange, const http::Route& route) const;

  /// Throws UNAUTHENTICATED, DENIED (reason cross-site for what a foreign page does by cookie), or
  /// INVALID (reason credentials-mixed). Leaves the role of this moment in the caller.
  users::Viewer admit(http::Exchange& exchange, http::Access access) const;

 private:
  users::ViewerCache& viewers_;
  const TokenSigner& signer_;
  const Clock& clock_;
};

/// The viewer whom the guard has let in; throws INTERNAL if it was never asked.
users::Viewer viewerOf(const http::Exchange& exchange);

}  // namespace reeld::api
