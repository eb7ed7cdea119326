// The filter graph at work: decoded frames with their slot runs go in, and for each run a set of
// scaled frames, one per rung, comes out. Rebuilds itself when the source changes its shape in
// mid-stream.
#pragma once
#include "frame_grid.h"
#include "graph_plan.h"

#include <deque>
#include <functional>
#include <optional>

namespace reeld::libav {

class Graph {
 public:
  /// rungs: largest first.
  Graph(std::vector<Size> rungs, Orientation orientation, AVRational fps, int threads);

  /// frames[i] belongs to rung i; every one is shown for the whole run.
  using OnFrames = std::function<void(SlotRun run, std::vector<FramePtr>& frames)>;
  /// Takes the frame's reference. `picture` describes it.
  void filter(AVFrame& frame, const Picture& picture, SlotRun run, const OnFrames& on_frames);
  /// Nothing follows: gives out what filters still hold back.
  void finish(const OnFrames& on_frames);

 private:
  void build(const Picture& picture);
  void drain(const OnFrames& on_frames);

  std::vector<Size> rungs_;
  Orientation orientation_;
  AVRational fps_;
  int threads_;
  std::optional<Picture> shape_;
  double expected_aspect_ = 0;
  GraphPtr graph_;
  AVFilterContext* input_ = nullptr;
  std::vector<AVFilterContext*> outputs_;
  std::deque<SlotRun> runs_;  ///< of the frames inside
};

}  // namespace reeld::libav
