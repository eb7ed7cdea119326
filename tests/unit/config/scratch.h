// A folder of its own for one test, gone with it, and loading of a configuration written into it.
#pragma once
#include "config/load.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace reeld::config {

class Scratch {
 public:
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "reeld-config-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ + "/conf.d");
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  Loaded load(Environment environment = {}, std::vector<std::string> assignments = {}) const {
    return config::load({.file = path("reeld.yaml"),
                         .file_was_named = false,
                         .environment = std::move(environment),
                         .assignments = std::move(assignments)});
  }
  Loaded loadYaml(const std::string& yaml) const {
    write("reeld.yaml", yaml);
    return load();
  }

  /// The messages, one per line, with this folder left out of the file names.
  std::string faults(const Loaded& loaded) const {
    std::string text;
    for (const auto& fault : loaded.faults) {
      std::string line = fault.text();
      if (const auto at = line.find(folder_ + "/"); at != std::string::npos) {
        line.erase(at, folder_.size() + 1);
      }
      text += line + "\n";
    }
    return text;
  }

 private:
  std::string folder_;
};

}  // namespace reeld::config
