#include "config/load.h"

#include "config/bind.h"
#include "config/intruder.h"
#include "config/unreadable.h"
#include "config/yaml.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace reeld::config {

namespace {

namespace fs = std::filesystem;

/// Whether somebody will have taken a file of that name for a drop-in.
bool isMeant(const std::string& name) {
  std::string ending = fs::path(name).extension();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return !name.starts_with('.') && (ending == ".yml" || ending == ".yaml");
}

/// conf.d/*.yaml in the order of their names; hidden files and whatever editors and dpkg leave are
/// not.
std::vector<std::string> dropIns(const fs::path& folder, Faults& faults,
                                 std::vector<std::string>& notes) {
  std::vector<std::string> files;
  std::error_code error;
  const auto note = [&](const fs::path& path, const std::string& why) {
    if (!why.empty()) {
      faults.push_back({{path, 0, 0}, "", why});
    }
  };
  note(folder.parent_path(), changeable(folder.parent_path(), Sticky::Trusted));
  note(folder, changeable(folder, Sticky::Refused));
  note(folder, strangeOwner(folder));
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.ends_with(".yaml") && !name.starts_with('.')) {
      files.push_back(entry->path());
      note(entry->path(), strangeOwner(entry->path()));
    } else if (isMeant(name)) {
      notes.push_back(entry->path().string() + " is not read: only names that end with .yaml are");
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    faults.push_back({{folder, 0, 0}, "", unreadable(folder, error.value())});
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Loaded load(const Sources& sources) {
  Loaded result;
  result.tree = Node::map({});
  const fs::path file = sources.file;
  std::error_code error;
  if (sources.file_was_named || fs::exists(file, error) || error) {
    result.files.push_back(sources.file);
  }
  for (auto& drop_in : dropIns(file.parent_path() / "conf.d", result.faults, result.notes)) {
    result.files.push_back(std::move(drop_in));
  }
  for (const auto& path : result.files) {
    const Node tree = readYamlFile(path, result.faults);
    if (tree.isMap()) {
      merge(result.tree, tree);
    } else if (!tree.isNull()) {
      result.faults.push_back({tree.origin, "/", "must be a map of keys"});
    }
  }
  applyEnvironment(result.tree, sources.environment, result.faults);
  applyAssignments(result.tree, sources.assignments, result.faults);
  result.settings = bindTree(result.tree, result.faults);
  if (result.ok()) {  // faults would only make others look wrong
    checkTogether(result.settings, result.tree, result.faults);
  }
  const auto rank = [&](const Fault& fault) {
    return std::find(result.files.begin(), result.files.end(), fault.origin.source) -
           result.files.begin();
  };
  std::stable_sort(result.faults.begin(), result.faults.end(), [&](const Fault& a, const Fault& b) {
    return std::pair(rank(a), a.origin.line) < std::pair(rank(b), b.origin.line);
  });
  return result;
}

}  // namespace reeld::config
