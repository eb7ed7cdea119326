// See graph_plan.h.
#include "graph_plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace reeld::libav {
namespace {

class Chain {
 public:
  void add(const std::string& filter) { text_ += (text_.empty() ? "" : ",") + filter; }
  std::string text() const { return text_.empty() ? "null" : text_; }

 private:
  std::string text_;
};

std::string scaleTo(Size size) {
  return "scale=" + std::to_string(size.width) + ":" + std::to_string(size.height) +
         ":flags=bicubic";
}

// Where the picture lies within the top rung, before it is turned.
Size fitted(const Picture& source, double expected_aspect, Size top) {
  const double change = source.displayAspect() / expected_aspect;
  if (change > 0.98 && change < 1.02) {
    return top;
  }
  const auto even = [](double side, int most) {
    return std::clamp(2 * static_cast<int>(std::lround(side / 2)), 2, most);
  };
  return change > 1 ? Size{top.width, even(top.height / change, top.height)}
                    : Size{even(top.width * change, top.width), top.height};
}

void addScale(Chain& chain, const Picture& source, Size to) {
  const bool same_size = source.width == to.width && source.height == to.height;
  const bool tone_map = source.dynamicRange() != Transfer::Standard;
  // A conversion that is not needed costs as much as the scaling itself: it is asked for only where
  // the source really differs from 8-bit limited-range YUV.
  if (!same_size || (source.isFullRange() && !tone_map) || source.isRgb()) {
    std::string scale = scaleTo(to);
    if (source.isFullRange() && !source.isRgb() && !tone_map) {
      scale += ":in_range=full:out_range=limited";
    }
    if (source.isRgb()) {
      scale += ":out_range=limited:out_color_matrix=bt709";
    }
    chain.add(scale);
  }
}

void addToneMap(Chain& chain, const Picture& source) {
  const Transfer transfer = source.dynamicRange();
  if (transfer == Transfer::Standard) {
    return;
  }
  // Said outright, because zscale refuses what a careless muxer left unsaid.
  chain.add(std::string("zscale=tin=") + (transfer == Transfer::Pq ? "smpte2084" : "arib-std-b67") +
            ":min=bt2020nc:pin=bt2020:rin=" + (source.isFullRange() ? "full" : "limited") +
            ":t=linear:npl=100");
  chain.add("format=gbrpf32le");
  chain.add("zscale=p=bt709");
  chain.add("tonemap=tonemap=hable:desat=0");
  chain.add("zscale=t=bt709:m=bt709:r=limited");
}

void addOrientation(Chain& chain, const Orientation& orientation) {
  switch (orientation.clockwise) {
    case 90:
      chain.add("transpose=clock");
      break;
    case 180:
      chain.add("hflip");
      chain.add("vflip");
      break;
    case 270:
      chain.add("transpose=cclock");
      break;
    default:
      break;
  }
  if (orientation.mirrored) {
    chain.add("hflip");
  }
}

}  // namespace

bool isHeavy(const Picture& source) {
  return source.interlaced || source.dynamicRange() != Transfer::Standard;
}

std::string planGraph(const Picture& source, const Orientation& orientation, double expected_aspect,
                      const std::vector<Size>& rungs) {
  const auto turned = [&](Size size) {
    return orientation.swapsSides() ? Size{size.height, size.width} : size;
  };
  const Size top = turned(rungs.front());
  const Size picture = fitted(source, expected_aspect, top);
  Chain chain;
  if (source.interlaced) {
    chain.add("bwdif=mode=send_frame:parity=auto:deint=interlaced");
  }
  addScale(chain, source, picture);
  addToneMap(chain, source);
  chain.add("format=yuv420p");
  if (picture != top) {
    chain.add("pad=" + std::to_string(top.width) + ":" + std::to_string(top.height) +
              ":(ow-iw)/2:(oh-ih)/2");
  }
  addOrientation(chain, orientation);
  // The picture has been stretched to square pixels; this only says so.
  chain.add("setsar=1");

  std::string text = "[in]" + chain.text();
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    const std::string label = "[r" + std::to_string(i) + "]";
    if (i > 0) {
      text +=
          ";[c" + std::to_string(i) + "]" + (rungs[i] == rungs[i - 1] ? "null" : scaleTo(rungs[i]));
    }
    text += i + 1 < rungs.size() ? ",split=2" + label + "[c" + std::to_string(i + 1) + "]" : label;
  }
  return text;
}

}  // namespace reeld::libav
