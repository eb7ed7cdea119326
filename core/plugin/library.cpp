// Boost.DLL with the native flags; of its errors only the loader's own sentence is passed on.
#include "plugin/library.h"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include <dlfcn.h>

namespace reeld::plugin {
namespace {

using Entry = const reeld_plugin*();

/// "boost::dll::shared_library::load() failed (dlerror system message: TEXT): Bad file descriptor"
/// -> TEXT. What surrounds it says nothing, and the error code is always meaningless.
std::string loaderSentence(const std::string& text) {
  constexpr std::string_view Mark = "dlerror system message: ";
  const auto begin = text.find(Mark);
  const auto end = text.rfind("): ");
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return text;
  }
  return text.substr(begin + Mark.size(), end - begin - Mark.size());
}

std::string entryName(int major) { return "reeld_plugin_abi" + std::to_string(major); }

Refusal withoutEntry(const boost::dll::shared_library& library) {
  for (int major = REELD_ABI_MAJOR + 1; major < REELD_ABI_MAJOR + 10; ++major) {
    if (library.has(entryName(major))) {
      return {"needs plugin ABI " + std::to_string(major) + ", this reeld has " +
                  std::to_string(REELD_ABI_MAJOR) + '.' + std::to_string(REELD_ABI_MINOR),
              "upgrade reeld, or install an older release of the plugin"};
    }
  }
  return {"does not export " + entryName(REELD_ABI_MAJOR) + ", so it is no reeld plugin",
          "build it with reeld_add_plugin(), or correct \"use\""};
}

}  // namespace

std::variant<const reeld_plugin*, Refusal> openLibrary(const std::string& absolute_path) {
  const auto mode = static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  try {
    // The handle closes here, the code stays mapped: that is what RTLD_NODELETE is for.
    const boost::dll::shared_library library(absolute_path, mode);
    if (!library.has(entryName(REELD_ABI_MAJOR))) {
      return withoutEntry(library);
    }
    return library.get<Entry>(entryName(REELD_ABI_MAJOR))();
  } catch (const std::system_error& failure) {
    return Refusal{"cannot be opened: " + loaderSentence(failure.what()),
                   "install what it needs, or a build of it for this system"};
  }
}

}  // namespace reeld::plugin
