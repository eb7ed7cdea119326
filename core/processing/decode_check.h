// Proves that an encoding plays: every stored segment is decoded from its first byte to its last,
// by the encoder's child, and must hold the pictures and the sound of its row.
#pragma once
#include "processing/encoder.h"
#include "processing/encoding.h"
#include "storage/storage.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reeld::processing {

struct DecodeOptions {
  std::string work_dir;     ///< exists; holds a folder per task
  bool has_encoder = true;  ///< this daemon can start one at all
  int threads = 1;          ///< of this daemon's processor
  std::int64_t max_pixels = 36'000'000;
  std::size_t at_once = 8;         ///< segments per child; each is a descriptor of it
  std::int64_t wall_ms = 600'000;  ///< of one child
};

class DecodeCheck {
 public:
  DecodeCheck(DecodeOptions options, storage::Storage& storage, Encoder& encoder)
      : options_(std::move(options)), storage_(storage), encoder_(encoder) {}

  /// Segments so far, of all. What it throws ends the check and passes.
  using OnProgress = std::function<void(std::int64_t done, std::int64_t all)>;
  /// Sentences of what is wrong; empty = nothing. Any thread; takes as long as decoding takes.
  /// Throws Error UNSUPPORTED if there is no encoder, or it cannot.
  std::vector<std::string> check(const std::vector<Rendition>& renditions,
                                 const OnProgress& on_progress);

 private:
  struct Place;
  std::vector<std::string> decode(const std::vector<Place>& places);

  const DecodeOptions options_;
  storage::Storage& storage_;
  Encoder& encoder_;
};

}  // namespace reeld::processing
