// What the jobs that make a part of an encoding have in common: their tools, and that a part which
// is given up takes its encoding with it.
#pragma once
#include "processing/abandonment.h"
#include "processing/encoding_part.h"
#include "processing/job_handler.h"

#include <string>
#include <string_view>

namespace reeld::processing {

class PartJob : public JobHandler {
 public:
  const std::string& kind() const final { return kind_; }
  bool isLight() const final { return is_light_; }
  void giveUp(db::Session& session, const Job& job, const std::string& stage,
              const Error& error) final {
    abandonment_.ofPart(session, job, stage, error);
  }

 protected:
  enum class Weight { Light, Heavy };
  PartJob(const Workshop& shop, std::string_view kind, Weight weight)
      : shop_(shop), abandonment_(shop), kind_(kind), is_light_(weight == Weight::Light) {}

  const Workshop& shop_;
  Abandonment abandonment_;

 private:
  const std::string kind_;
  const bool is_light_;
};

}  // namespace reeld::processing
