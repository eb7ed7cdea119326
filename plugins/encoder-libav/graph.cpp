// See graph.h. A frame's pts inside the graph is its run's first slot.
#include "graph.h"

#include <cstdio>
#include <utility>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/mathematics.h>
}

namespace reeld::libav {
namespace {

AVFilterContext* makeFilter(AVFilterGraph& graph, const char* type, const char* name,
                            const char* arguments) {
  AVFilterContext* made = nullptr;
  check(avfilter_graph_create_filter(&made, avfilter_get_by_name(type), name, arguments, nullptr,
                                     &graph),
        std::string("making filter ") + type);
  return made;
}

// One end of the text's open labels: `name` in the text belongs to `filter`.
AVFilterInOut* end(const std::string& name, AVFilterContext* filter, AVFilterInOut* next) {
  AVFilterInOut* made = avfilter_inout_alloc();
  if (made == nullptr) {
    throw std::bad_alloc();
  }
  made->name = av_strdup(name.c_str());
  made->filter_ctx = filter;
  made->pad_idx = 0;
  made->next = next;
  return made;
}

}  // namespace

Graph::Graph(std::vector<Size> rungs, Orientation orientation, AVRational fps, int threads)
    : rungs_(std::move(rungs)), orientation_(orientation), fps_(fps), threads_(threads) {}

void Graph::build(const Picture& picture) {
  graph_.reset(avfilter_graph_alloc());
  if (!graph_) {
    throw std::bad_alloc();
  }
  graph_->nb_threads = isHeavy(picture) ? threads_ : 1;
  char arguments[160];
  std::snprintf(arguments, sizeof arguments,
                "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:frame_rate=%d/%d:pixel_aspect=%d/%d",
                picture.width, picture.height, static_cast<int>(picture.pixels), fps_.den, fps_.num,
                fps_.num, fps_.den, picture.sample_aspect.num, picture.sample_aspect.den);
  input_ = makeFilter(*graph_, "buffer", "in", arguments);
  AVFilterInOut* outputs = end("in", input_, nullptr);
  AVFilterInOut* inputs = nullptr;
  outputs_.clear();
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    const std::string name = "r" + std::to_string(i);
    outputs_.push_back(makeFilter(*graph_, "buffersink", name.c_str(), nullptr));
    inputs = end(name, outputs_.back(), inputs);
  }
  const std::string plan = planGraph(picture, orientation_, expected_aspect_, rungs_);
  const int parsed =
      avfilter_graph_parse_ptr(graph_.get(), plan.c_str(), &inputs, &outputs, nullptr);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  check(parsed, "building the filters " + plan);
  check(avfilter_graph_config(graph_.get(), nullptr), "setting up the filters " + plan);
}

void Graph::filter(AVFrame& frame, const Picture& picture, SlotRun run, const OnFrames& on_frames) {
  if (!shape_ || *shape_ != picture) {
    finish(on_frames);
    if (!shape_) {
      expected_aspect_ = picture.displayAspect();
    }
    shape_ = picture;
    build(picture);
  }
  frame.pts = run.first;
  frame.pict_type = AV_PICTURE_TYPE_NONE;  // x264 would obey the source's choice of picture types
  runs_.push_back(run);
  check(av_buffersrc_add_frame_flags(input_, &frame, 0), "filtering a frame");
  drain(on_frames);
}

void Graph::finish(const OnFrames& on_frames) {
  if (!graph_) {
    return;
  }
  check(av_buffersrc_add_frame_flags(input_, nullptr, 0), "ending the filters");
  drain(on_frames);
  graph_.reset();
  runs_.clear();
}

void Graph::drain(const OnFrames& on_frames) {
  for (;;) {
    std::vector<FramePtr> frames;
    for (AVFilterContext* output : outputs_) {
      FramePtr frame = newFrame();
      const int got = av_buffersink_get_frame(output, frame.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) {
        break;
      }
      check(got, "filtering a frame");
      frames.push_back(std::move(frame));
    }
    if (frames.empty()) {
      return;
    }
    if (frames.size() != outputs_.size()) {
      throw Failure(REELD_INTERNAL, "the filters lost a frame of a rung");
    }
    // Some filters (deinterlacing) count in another time base than they were given.
    const std::int64_t slot = av_rescale_q(
        frames.front()->pts, av_buffersink_get_time_base(outputs_.front()), av_inv_q(fps_));
    while (runs_.size() > 1 && runs_.front().first < slot) {
      runs_.pop_front();
    }
    if (runs_.empty()) {
      return;
    }
    const SlotRun run = runs_.front();
    runs_.pop_front();
    on_frames(run, frames);
  }
}

}  // namespace reeld::libav
