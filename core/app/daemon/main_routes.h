// Every route of the main listener, put together of what each part of the API and the plugins
// bring.
#pragma once
#include "api/cmaf_files.h"
#include "api/guard.h"
#include "api/media_files.h"
#include "api/shared_pages.h"
#include "api/subtitle_files.h"
#include "app/daemon/services.h"
#include "http/route.h"

namespace reeld::app::daemon {

/// Where what is played comes from: as it is stored, as CMAF, and what is read along.
struct MediaSources {
  api::MediaFiles stored;
  api::CmafFiles cmaf;
  api::SubtitleFiles subtitles;
};

/// All of them outlive the routes.
http::Routes mainRoutes(const config::Settings& settings, const api::Guard& guard,
                        api::SharedPages& pages, MediaSources& files, Plugins& plugins,
                        Services& services);

}  // namespace reeld::app::daemon
