#include "processing/failure_hint.h"

namespace reeld::processing {

namespace {

std::string hint(const Error& error) {
  if (error.reason() == "crashed") {
    return "This file makes the encoder fail. Export it again, in another format if you can, and "
           "upload "
           "that.";
  }
  if (error.reason() == "hung") {
    return "This file makes the encoder stand still. Export it again, in another format if you "
           "can, and "
           "upload that.";
  }
  if (error.reason() == "storage-full") {
    return "This site has run out of room. Ask its administrator, then try again.";
  }
  switch (error.code()) {
    case ErrorCode::Invalid:
      // The encoder's own sentence: written for the owner.
      return "This file cannot be used: " + std::string(error.what()) + ".";
    case ErrorCode::Corrupt:
      return "This file is damaged: " + std::string(error.what()) + ".";
    case ErrorCode::Cancelled:
      return "The work on this video was cancelled.";
    default:
      return "This site could not finish the work on this video. Try again; if that does not help, "
             "ask its "
             "administrator.";
  }
}

}  // namespace

catalog::Failure describeFailure(const std::string& stage, const Error& error) {
  return {stage.empty() ? "encode" : stage, std::string(word(error.code())) + ": " + error.what(),
          hint(error)};
}

}  // namespace reeld::processing
