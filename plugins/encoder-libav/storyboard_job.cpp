// See storyboard_job.h.
#include "storyboard_job.h"

#include "decoder.h"
#include "jpeg.h"
#include "json_text.h"
#include "libav.h"
#include "source.h"

#include <algorithm>
#include <vector>

extern "C" {
#include <libavutil/imgutils.h>
}

namespace reeld::libav {
namespace {

constexpr std::size_t MostTiles = 256;

/// The picture as a tile, or nullptr.
FramePtr firstTile(int fd, const Spec& spec, const Control& control) {
  Source source(fd, control, spec.limits);
  const AVStream* video = source.video();
  if (video == nullptr) {
    return nullptr;
  }
  source.useOnly({video});
  Decoder decoder(*video, 1, spec.limits.max_pixels);
  FramePtr tile;
  const auto keep = [&](const AVFrame& frame) {
    if (!tile) {
      tile = toJpegFrame(frame, spec.storyboard->tile_width, spec.storyboard->tile_height);
    }
  };
  const PacketPtr packet = newPacket();
  while (!tile && source.read(*packet)) {
    if ((packet->flags & AV_PKT_FLAG_KEY) != 0) {
      decoder.decode(packet.get(), keep);
      decoder.decode(nullptr, keep);  // it is not waited for whatever is shown before it
      decoder.restart();
    }
  }
  return tile;
}

/// Any other trouble than the input's own ends the task.
FramePtr tileOf(int fd, const Spec& spec, const Control& control) {
  try {
    return firstTile(fd, spec, control);
  } catch (const Failure& failure) {
    if (failure.status() != REELD_INVALID) {
      throw;
    }
    return nullptr;
  }
}

void place(const AVFrame& tile, AVFrame& sheet, std::size_t number, int columns) {
  const int x = static_cast<int>(number) % columns * tile.width;
  const int y = static_cast<int>(number) / columns * tile.height;
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    std::uint8_t* at =
        sheet.data[plane] + std::ptrdiff_t{y >> shift} * sheet.linesize[plane] + (x >> shift);
    av_image_copy_plane(at, sheet.linesize[plane], tile.data[plane], tile.linesize[plane],
                        tile.width >> shift, tile.height >> shift);
  }
}

FramePtr blankSheet(const StoryboardSpec& spec, std::size_t tiles) {
  const int count = static_cast<int>(tiles);
  return blankJpegFrame(std::min(count, spec.columns) * spec.tile_width,
                        (count + spec.columns - 1) / spec.columns * spec.tile_height);
}

}  // namespace

std::string makeSheet(const Spec& spec, const reeld_job& job, const Control& control,
                      const OutputDirectory& directory, const sdk::JobSink& sink) {
  if (job.input_count == 0 || job.input_count > MostTiles) {
    throw Failure(REELD_INVALID, "the task has no inputs for a storyboard, or too many");
  }
  const FramePtr sheet = blankSheet(*spec.storyboard, job.input_count);
  JsonText report;
  report.begin().beginList("tiles");
  bool has_any = false;
  for (std::size_t i = 0; i < job.input_count; ++i) {
    control.check();
    const FramePtr tile = tileOf(job.inputs[i].fd, spec, control);
    if (tile) {
      place(*tile, *sheet, i, spec.storyboard->columns);
      has_any = true;
    }
    report.begin().text("name", sdk::view(job.inputs[i].name));
    report.flag("decoded", tile != nullptr).end();
    sink.progress(static_cast<std::uint32_t>((i + 1) * 1000 / job.input_count));
  }
  if (!has_any) {
    throw Failure(REELD_INVALID, "there is no picture in it that can be decoded");
  }
  directory.write("storyboard.jpg", packJpeg(*sheet));
  sink.artifact("storyboard", "storyboard.jpg");
  return report.endList().end().take();
}

}  // namespace reeld::libav
