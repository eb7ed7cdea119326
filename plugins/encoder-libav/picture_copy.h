// A source's pictures on their way into segments as they are: from the form of its file to the form
// of a stream (parameter sets in front of each IDR). Not a byte of a picture changes.
#pragma once
#include "libav.h"

#include <memory>

extern "C" {
#include <libavcodec/bsf.h>
}

namespace reeld::libav {

class PictureCopy {
 public:
  explicit PictureCopy(const AVStream& video);
  PacketPtr convert(const AVPacket& packet);
  /// Of what convert() makes.
  const AVCodecParameters& parameters() const noexcept { return *filter_->par_out; }

 private:
  struct Free {
    void operator()(AVBSFContext* p) const noexcept { av_bsf_free(&p); }
  };
  std::unique_ptr<AVBSFContext, Free> filter_;
};

}  // namespace reeld::libav
