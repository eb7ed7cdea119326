// What the admin listener serves: /healthz (the process lives), /readyz (it can serve; every check
// by name), /metrics (Prometheus), /version. No credential: the listener is private.
#pragma once
#include "app/service/health.h"
#include "base/metrics.h"
#include "http/route.h"

namespace reeld::app::service {

http::Routes adminRoutes(Health& health, Metrics& metrics);

/// reeld_build_info and process_*: read from /proc/self at each scrape.
void countProcess(Metrics& metrics, const Clock& clock);

}  // namespace reeld::app::service
