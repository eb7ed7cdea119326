// Every route of the main listener, put together of what each part of the API and the plugins
// bring.
#pragma once
#include "api/cmaf_files.h"
#include "api/guard.h"
#include "api/media_files.h"
#include "api/shared_pages.h"
#include "app/daemon/services.h"
#include "http/route.h"

namespace reeld::app::daemon {

/// Where what is played comes from: as it is stored, and as CMAF.
struct MediaSources {
  api::MediaFiles stored;
  api::CmafFiles cmaf;
};

/// All of them outlive the routes.
http::Routes mainRoutes(const config::Settings& settings, const api::Guard& guard,
                        api::SharedPages& pages, MediaSources& files, Plugins& plugins,
                        Services& services);

}  // namespace reeld::app::daemon
