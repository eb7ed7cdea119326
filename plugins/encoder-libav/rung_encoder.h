// One rung: a bounded queue of frames, a thread, x264. Every G-th frame of the grid is forced to be
// an IDR with nothing referring across it, so that each segment decodes by itself; inside a segment
// x264 chooses freely.
#pragma once
#include "frame_grid.h"
#include "picture.h"
#include "spec.h"
#include "wakeup.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace reeld::libav {

class RungEncoder {
 public:
  /// wakeup is rung whenever a frame was taken or a packet made; it and spec outlive this object.
  RungEncoder(const RungSpec& rung, const Spec& spec, const ColourTags& colours, Wakeup& wakeup);
  /// Drops what is queued and waits for the thread.
  ~RungEncoder();
  RungEncoder(const RungEncoder&) = delete;
  RungEncoder& operator=(const RungEncoder&) = delete;

  /// Queues the frame for all slots of its run; false (and the frame untouched) if the queue is
  /// full. Rethrows what went wrong on the encoder's thread.
  bool offer(FramePtr& frame, SlotRun run);
  /// No more frames will be offered.
  void finish();

  /// Packets made since the last call, in decoding order; pts and dts are slots.
  std::vector<PacketPtr> take();
  /// The encoder has made its last packet (take() may still hold some).
  bool done() const;

  /// Codec parameters as the muxer needs them; valid from construction on.
  const AVCodecParameters& parameters() const noexcept { return *parameters_; }

 private:
  struct Job {
    FramePtr frame;
    SlotRun run;
  };
  void open(const RungSpec& rung, const Spec& spec, const ColourTags& colours);
  void work();
  void encodeAll();
  std::optional<Job> next();
  void encode(AVFrame* frame);
  bool abandoned() const;

  const Spec& spec_;
  Wakeup& wakeup_;
  CodecPtr codec_;
  ParametersPtr parameters_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<Job> queue_;
  std::vector<PacketPtr> made_;
  std::exception_ptr failure_;
  bool finishing_ = false;
  bool abandoned_ = false;
  bool done_ = false;

  std::thread thread_;
};

}  // namespace reeld::libav
