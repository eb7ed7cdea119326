#include "app/daemon/main_routes.h"

#include "api/cmaf.h"
#include "api/contract.h"
#include "api/media.h"
#include "api/payment_hooks.h"
#include "api/route_groups.h"
#include "api/storyboard.h"
#include "api/subtitles.h"
#include "api/v1/analytics.h"
#include "api/v1/auth.h"
#include "api/v1/engagement.h"
#include "api/v1/health.h"
#include "api/v1/mail_links.h"
#include "api/v1/payments.h"
#include "api/v1/posters.h"
#include "api/v1/revenue.h"
#include "api/v1/rework.h"
#include "api/v1/sessions.h"
#include "api/v1/streams.h"
#include "api/v1/subscriptions.h"
#include "api/v1/uploads.h"
#include "api/v1/users.h"
#include "api/v1/videos.h"
#include "api/videoflix/auth.h"
#include "api/videoflix/mail_links.h"
#include "api/videoflix/media.h"
#include "api/videoflix/videos.h"
#include "api/viewer.h"
#include "app/daemon/append.h"

#include <algorithm>

namespace reeld::app::daemon {

namespace {

/// Passwords are hashed on a lane of their own as soon as one provider burns CPU.
http::Lane credentialsLane(const Plugins& plugins) {
  const auto providers = plugins.providers();
  return std::any_of(providers.begin(), providers.end(),
                     [](const auto* provider) { return provider->cpuBound(); })
             ? http::Lane::Hash
             : http::Lane::Worker;
}

users::Activation* activationIf(bool wanted, Services& services) {
  return wanted ? &services.activation : nullptr;
}

http::Routes videoflixRoutes(const config::Settings& settings, http::Lane credentials_lane,
                             api::MediaFiles& files, Services& services) {
  namespace videoflix = api::videoflix;
  http::Routes routes = videoflix::authRoutes(
      {.registration = services.registration,
       .sign_in = services.sign_in,
       .sessions = services.sessions,
       .directory = services.directory,
       .activation = activationIf(settings.auth.videoflix_activation, services),
       .cookies = api::SessionCookies(settings.http.public_url.starts_with("https:")),
       .credentials_lane = credentials_lane});
  append(routes, videoflix::mailLinkRoutes(services.activation, services.reset_requests,
                                           services.password_reset, credentials_lane));
  routes.push_back(videoflix::videoListRoute(services.playable_videos));
  append(routes, videoflix::mediaRoutes(services.session_access, services.playback, files));
  return routes;
}

}  // namespace

http::Routes mainRoutes(const config::Settings& settings, const api::Guard& guard,
                        api::SharedPages& pages, MediaSources& files, Plugins& plugins,
                        Services& services) {
  namespace v1 = api::v1;
  http::Routes routes = v1::healthRoutes();
  append(routes,
         v1::authRoutes(guard, {.registration = services.registration,
                                .sign_in = services.sign_in,
                                .sessions = services.sessions,
                                .passwords = services.passwords,
                                .directory = services.directory,
                                .activation = activationIf(settings.auth.v1_activation, services),
                                .setup_secret = services.setup_secret,
                                .credentials_lane = credentialsLane(plugins)}));
  append(routes, v1::mailLinkRoutes(services.activation, services.reset_requests,
                                    services.password_reset, credentialsLane(plugins)));
  append(routes, v1::sessionRoutes(services.sessions));
  append(routes, v1::userRoutes(guard, services.directory));
  append(routes, v1::uploadRoutes(guard, services.catalog, services.uploads));
  append(routes, v1::videoRoutes(guard, services.catalog, pages));
  append(routes, v1::posterRoutes(services.posters));
  append(routes, v1::reworkRoutes(services.rework));
  append(routes, v1::streamRoutes(services.playback, files.stored, settings.packaging.has("cmaf")));
  append(routes, v1::paymentRoutes({.orders = services.orders,
                                    .purchases = services.purchases,
                                    .refunds = services.refunds,
                                    .idempotency = services.idempotency}));
  append(routes, v1::subscriptionRoutes(guard, {.subscriptions = services.subscriptions,
                                                .idempotency = services.idempotency}));
  append(routes, v1::revenueRoutes(services.revenue));
  append(routes, v1::engagementRoutes(guard, services.engagement));
  append(routes, v1::analyticsRoutes(services.reports));
  append(routes, videoflixRoutes(settings, credentialsLane(plugins), files.stored, services));
  append(routes, api::mediaRoutes(services.playback, files.stored));
  append(routes, api::storyboardRoutes(services.playback, files.stored));
  append(routes,
         api::subtitleRoutes(services.playback, files.subtitles, api::Packaging::TransportStream));
  if (settings.packaging.has("cmaf")) {
    append(routes, api::cmafRoutes(services.playback, files.cmaf));
    append(routes, api::subtitleRoutes(services.playback, files.subtitles, api::Packaging::Cmaf));
  }
  routes.push_back(api::contractRoute());
  append(routes, api::viewerRoutes());
  api::assignGroups(routes);
  for (auto& route : routes) {
    route.max_body = static_cast<std::size_t>(settings.http.max_json_bytes);
  }
  routes.push_back(api::paymentHookRoute(services.payment_hooks));
  append(routes, plugins.routes(settings, routes));
  return routes;
}

}  // namespace reeld::app::daemon
