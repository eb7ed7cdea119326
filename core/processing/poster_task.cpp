#include "processing/poster_task.h"

#include "base/crypto.h"
#include "base/error.h"
#include "processing/task_folder.h"
#include "processing/task_output.h"

#include <optional>

namespace reeld::processing {

namespace {

/// Room for one more, given back at the end.
class Seat {
 public:
  Seat(std::atomic<int>& taken, int most) : taken_(taken) {
    if (taken_.fetch_add(1) >= most) {
      taken_.fetch_sub(1);
      throw Error(ErrorCode::Unavailable, "other posters are being made: try again in a moment")
          .reason("busy")
          .retryAfter(1000);
    }
  }
  ~Seat() { taken_.fetch_sub(1); }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  std::atomic<int>& taken_;
};

/// As a fault of what was sent: a picture that the decoder cannot stand included.
[[noreturn]] void blamePicture(const Error& error) {
  const bool is_ours =
      error.code() != ErrorCode::Invalid && error.reason() != "crashed" && error.reason() != "hung";
  if (is_ours) {
    throw;
  }
  throw Error({Violation{
      "", error.code() == ErrorCode::Invalid ? error.what() : "this picture cannot be decoded"}});
}

}  // namespace

void PosterTask::make(int image_fd, const Take& take) {
  if (!options_.has_encoder) {
    throw Error(ErrorCode::Unsupported, "this server has no encoder to make posters with");
  }
  const Seat seat(running_, options_.at_once);
  const TaskFolder folder(options_.work_dir, 0, "poster-" + randomToken(12));
  Task task;
  task.id = "poster";
  task.spec.set("still", Json::Object{{"most_side", options_.most_side}});
  task.spec.set("limits", Json::Object{{"max_pixels", options_.max_pixels}});
  task.inputs = {{"source", image_fd}};
  task.output_dir = folder.path();
  task.wall_limit_ms = options_.wall_ms;
  std::optional<std::string> path;
  const TaskEvents events{{}, {}, [&](const std::string& kind, const std::string& at) {
                            if (kind == "poster") {
                              path = at;
                            }
                          }};
  const std::atomic<bool> never{false};
  TaskFolder::File made;
  try {
    encoder_.run(task, events, never);
    if (!path) {
      throw Error(ErrorCode::Corrupt, "the encoder made no poster").reason("crashed");
    }
    made = folder.open(*path);
    requireJpeg(made);
  } catch (const Error& error) {
    blamePicture(error);
  }
  take(made.fd.get(), made.size);
}

}  // namespace reeld::processing
