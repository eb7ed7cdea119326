#include "plugin/quarantine.h"

#include <sys/stat.h>

#include <charconv>
#include <fstream>
#include <vector>

namespace reeld::plugin {

namespace {

constexpr std::size_t Crashes = 3;
constexpr std::int64_t WithinSeconds = 600;
/// What is older cannot matter: so many crashes take far longer than ten minutes.
constexpr std::streamoff LongestRecord = 64 * 1024;

struct Crash {
  std::int64_t at = 0;  ///< epoch seconds
  std::string how;      ///< "SIGSEGV on_request()"
};

std::vector<Crash> readCrashes(const std::string& record) {
  std::vector<Crash> crashes;
  std::ifstream file(record);
  if (file.seekg(0, std::ios::end).tellg() > LongestRecord) {
    file.seekg(-LongestRecord, std::ios::end);
  } else {
    file.seekg(0);
  }
  for (std::string line; std::getline(file, line);) {
    Crash crash;
    const char* const end = line.data() + line.size();
    const auto [rest, failure] = std::from_chars(line.data(), end, crash.at);
    if (failure == std::errc() && rest != end && *rest == ' ') {
      crash.how.assign(rest + 1, end);
      crashes.push_back(std::move(crash));
    }
  }
  return crashes;
}

}  // namespace

std::optional<Refusal> quarantine(const std::string& record, const std::string& plugin_file) {
  std::vector<Crash> crashes = readCrashes(record);
  struct stat file {};
  if (crashes.empty() || stat(plugin_file.c_str(), &file) != 0) {
    return std::nullopt;
  }
  // The change time, because a package keeps the modification time of its build.
  std::erase_if(crashes, [&](const Crash& crash) { return crash.at < file.st_ctim.tv_sec; });
  for (std::size_t last = Crashes; last <= crashes.size(); ++last) {
    if (crashes[last - 1].at - crashes[last - Crashes].at <= WithinSeconds) {
      return Refusal{"is quarantined: it crashed " + std::to_string(Crashes) +
                         " times within ten minutes, the last time with " + crashes.back().how,
                     "install another version of it, or rm " + record + ", and restart reeld"};
    }
  }
  return std::nullopt;
}

}  // namespace reeld::plugin
