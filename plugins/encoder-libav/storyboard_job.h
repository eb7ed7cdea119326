// A sheet of a storyboard: the first key frame of each input, scaled down and laid out row by row
// in one JPEG. Nothing behind a key frame is decoded. An input without one leaves its place black.
#pragma once
#include "control.h"
#include "output_directory.h"
#include "spec.h"

#include <reeld/plugin.hpp>

#include <string>

namespace reeld::libav {

/// The report, JSON. Throws INVALID if not one of the inputs has a picture.
std::string makeSheet(const Spec& spec, const reeld_job& job, const Control& control,
                      const OutputDirectory& directory, const sdk::JobSink& sink);

}  // namespace reeld::libav
