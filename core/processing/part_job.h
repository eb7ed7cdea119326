// What the jobs that make a part of an encoding have in common: their tools, how a task of the
// encoder is run, and that a part which is given up takes its encoding with it, unless its kind is
// one that a title is whole without.
#pragma once
#include "processing/abandonment.h"
#include "processing/encoding_part.h"
#include "processing/job_handler.h"
#include "processing/report.h"
#include "processing/task_folder.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::processing {

class PartJob : public JobHandler {
 public:
  const std::string& kind() const final { return kind_; }
  bool isLight() const final { return is_light_; }
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) override {
    abandonment_.ofPart(session, job, stage, error);
  }

 protected:
  enum class Weight { Light, Heavy };
  PartJob(const Workshop& shop, std::string_view kind, Weight weight)
      : shop_(shop), abandonment_(shop), kind_(kind), is_light_(weight == Weight::Light) {}

  using OnSegment = std::function<void(const MadeSegment&)>;
  /// Blocks until the task has ended; what it says of itself. A poster becomes the encoding's.
  Report runTask(JobContext& context, const EncodingWork& work, const Task& task,
                 const TaskFolder& folder, const OnSegment& on_segment);
  /// Holds what was made against what the task says of it, then completes the job.
  void complete(JobContext& context, const std::vector<Rendition>& made, const Report& report);

  /// Somebody asked for its end, whether or not its daemon lived to hear of it.
  static bool isCancelled(const Job& job, const Error& error) noexcept;
  /// The encoding that goes on without this job; nothing if it has an end of its own, or was asked
  /// to.
  static std::optional<Encoding> sparedBy(db::Session& session, const Job& job, const Error& error);
  /// The source, of which one rung was to be copied, is encoded instead: completes the job, gives
  /// the encoding up and has the source planned anew.
  void encodeInstead(JobContext& context, const EncodingWork& work, const std::string& why);
  void planAnew(db::Session& session, const Job& job, const Encoding& encoding);

  const Workshop& shop_;
  Abandonment abandonment_;

 private:
  void takePoster(JobContext& context, const EncodingWork& work, const TaskFolder& folder,
                  const std::string& path);

  const std::string kind_;
  const bool is_light_;
};

}  // namespace reeld::processing
