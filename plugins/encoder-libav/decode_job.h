// Files decoded from their first byte to their last, to see that they decode and what they hold:
// nothing is made of them. Damage that a player would paper over counts.
#pragma once
#include "control.h"
#include "spec.h"

#include <reeld/plugin.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace reeld::libav {

struct DecodedFile {
  std::string name;          ///< of the input
  std::int64_t frames = 0;   ///< pictures
  std::int64_t samples = 0;  ///< of sound, per channel
  std::int64_t errors = 0;   ///< places that do not decode, or are marked as damaged
  std::string refused;       ///< why it cannot be read at all; then nothing above counts
};

/// Every input of the task, in order. Throws only what stops the whole task.
std::vector<DecodedFile> decodeInputs(const Spec& spec, const reeld_job& job,
                                      const Control& control, const sdk::JobSink& sink);

std::string toJson(const std::vector<DecodedFile>& files);

}  // namespace reeld::libav
