// reeld.host.secrets/1: keys of one instance, derived from the site's secret.
#pragma once
#include "base/secret.h"
#include "plugin/host.h"

namespace reeld::plugin {

class HostSecrets {
 public:
  /// The site's secret lives as long as this; while it is empty there is no such service.
  HostSecrets(Host& host, const Secret& site);
  HostSecrets(const HostSecrets&) = delete;
  HostSecrets& operator=(const HostSecrets&) = delete;

 private:
  static reeld_status key(const reeld_host*, reeld_str purpose, const reeld_sink*, reeld_error*);

  const std::string instance_;
  const Secret& site_;
  reeld_host_secrets table_{};
};

}  // namespace reeld::plugin
