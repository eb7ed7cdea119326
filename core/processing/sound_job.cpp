#include "processing/sound_job.h"

#include "processing/sound_publisher.h"
#include "processing/source_file.h"

namespace reeld::processing {

void SoundJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context);
  const FileDescriptor source = openSource(shop_.storage, work.source.storage_key, shop_.work_dir);
  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  SoundPublisher publisher(shop_, context, work, folder);
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = work.spec;
  task.spec.set("rungs", Json::Array{});
  task.spec.set("sound_parts", publisher.parts());
  task.spec.set("poster", false);
  task.inputs = {{"source", source.get()}};
  task.output_dir = folder.path();
  const Report report =
      runTask(context, work, task, folder, [&](const MadeSegment& made) { publisher.take(made); });
  publisher.requireAll();
  complete(context, {}, report);
}

}  // namespace reeld::processing
