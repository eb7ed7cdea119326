// Clips made by the ffmpeg command line, encoded by the plugin as the host would, and looked at
// with ffprobe: the rim between the tests of whole ladders and the tools they use.
#pragma once
#include "plugin_host.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace reeld::test {

/// A folder that goes away with its object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// The command's standard output; throws with its standard error if it fails.
std::string shell(const std::string& command);

/// The first place alone; throws where there is none.
std::string replaced(std::string text, const std::string& what, const std::string& by);

/// ffmpeg -i... as `arguments` say; the last word is the file.
void makeClip(const std::string& arguments);

struct Packet {
  std::int64_t pts = 0;  ///< in 90 kHz ticks
  bool key = false;
};
/// In presentation order.
std::vector<Packet> packetsOf(const std::string& file, const std::string& kind);

/// Frames that really decode.
std::int64_t decodedFrames(const std::string& file);

/// A finished ladder: what the plugin told, and the folder it wrote.
struct Ladder {
  bench::Outcome outcome;
  std::string folder;
  std::string report;
  /// A number of the report, such as "frames"; the first of that name.
  std::int64_t number(const std::string& name) const;
  bool damaged() const { return report.find("\"damaged\":true") != std::string::npos; }
};

/// Probes the clip and encodes it with segments of one second, ultrafast.
Ladder encode(const std::string& clip, const std::string& folder, const std::vector<int>& heights);
Ladder encodeSpec(const std::string& spec, const std::string& clip, const std::string& folder);
std::string specFor(const std::string& clip, const std::vector<int>& heights);
const bench::PluginHost& plugin();

/// Holds a ladder against every promise that does not depend on the clip: each segment starts on an
/// IDR at its place on the grid, all rungs at the same times, no time stamp is missing, doubled or
/// negative across segments, in picture and sound, and the packets are as many as was told.
void requireSoundLadder(const Ladder& ladder);

}  // namespace reeld::test
