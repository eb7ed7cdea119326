// The process_* metrics of Prometheus, from /proc/self: it is visible also under ProcSubset=pid.
#include "app/service/admin_routes.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace reeld::app::service {

namespace {

double cpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentBytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double openDescriptors() {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) {
    return 0;
  }
  int count = -3;  // "." and "..", and the folder itself
  while (readdir(folder) != nullptr) {
    ++count;
  }
  closedir(folder);
  return count;
}

double descriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void countProcess(Metrics& metrics, const Clock& clock) {
  metrics
      .gauge("reeld_build_info", "Always 1; the version is a label", {{"version", REELD_VERSION}})
      .set(1);
  metrics.gauge("process_start_time_seconds", "Start of the process since the epoch")
      .set(static_cast<double>(clock.now()) / 1000);
  Counter& cpu =
      metrics.counter("process_cpu_seconds_total", "CPU time of the process, children excluded");
  Gauge& resident = metrics.gauge("process_resident_memory_bytes", "Resident memory");
  Gauge& descriptors = metrics.gauge("process_open_fds", "Open file descriptors");
  Gauge& limit = metrics.gauge("process_max_fds", "Limit of open file descriptors");
  metrics.atScrape([&cpu, &resident, &descriptors, &limit, counted = 0.0]() mutable {
    const double now = cpuSeconds();
    cpu.add(now - counted);
    counted = now;
    resident.set(residentBytes());
    descriptors.set(openDescriptors());
    limit.set(descriptorLimit());
  });
}

}  // namespace reeld::app::service
