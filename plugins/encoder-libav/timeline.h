// Straightens the time stamps of a source before anything is decoded: a jump back (a wrapped or
// spliced clock) goes on where the stream was, and a hole in which no stream has anything is
// shortened to the limit, because a file of three frames 100 hours apart must not become millions
// of frames. Pure: knows numbers only. Times are microseconds.
#pragma once
#include <cstdint>
#include <map>
#include <optional>

namespace reeld::libav {

class Timeline {
 public:
  /// clock_may_jump: the format (MPEG-TS) splices clocks, so a hole is a new clock and closes
  /// entirely.
  Timeline(std::int64_t max_gap_us, bool clock_may_jump)
      : max_gap_us_(max_gap_us), clock_may_jump_(clock_may_jump) {}

  /// Says when the title begins, so that a hole before the first packet is one, too.
  void begin(std::int64_t start_us) { newest_ = start_us; }

  /// What to add to the time stamps of a packet of `stream` with this decoding time. A still
  /// picture while another stream goes on is no hole.
  std::int64_t shiftFor(int stream, std::int64_t dts_us);

  /// Holes shortened and jumps undone so far.
  int repairs() const noexcept { return repairs_; }

 private:
  struct Track {
    std::int64_t shift = 0;
    std::optional<std::int64_t> last;
  };
  bool plausible(const Track& track, std::int64_t time) const;
  std::int64_t repaired(int stream, const Track& track, std::int64_t dts_us) const;

  std::int64_t max_gap_us_;
  bool clock_may_jump_;
  std::map<int, Track> tracks_;
  std::optional<std::int64_t> newest_;  ///< over all streams
  int repairs_ = 0;
};

}  // namespace reeld::libav
