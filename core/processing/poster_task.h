// Makes a poster of a picture that somebody sent: one short task of the encoder's child, which has
// the decoders and the sandbox.
#pragma once
#include "catalog/poster_maker.h"
#include "processing/encoder.h"

#include <atomic>
#include <string>

namespace reeld::processing {

struct PosterOptions {
  std::string work_dir;     ///< exists; holds a folder per task
  bool has_encoder = true;  ///< this daemon can start one at all
  int most_side = 1280;
  std::int64_t max_pixels = 36'000'000;
  int at_once = 2;
  std::int64_t wall_ms = 20'000;
};

class PosterTask final : public catalog::PosterMaker {
 public:
  PosterTask(PosterOptions options, Encoder& encoder)
      : options_(std::move(options)), encoder_(encoder) {}

  void make(int image_fd, const Take& take) override;

 private:
  PosterOptions options_;
  Encoder& encoder_;
  std::atomic<int> running_{0};
};

}  // namespace reeld::processing
