#include "processing/storyboard_job.h"

#include "base/error.h"
#include "processing/encoding_repository.h"
#include "processing/job_repository.h"
#include "processing/source_file.h"
#include "processing/storyboard_repository.h"
#include "processing/sweep.h"
#include "processing/task_output.h"
#include "storage/blob_key.h"

#include <algorithm>
#include <optional>

namespace reeld::processing {

namespace {

constexpr std::size_t MostBoardNote = 300;

Json storyboardSpec(const EncodingWork& work, const Storyboard& board) {
  const Json* limits = work.spec.find("limits");
  Json spec;
  spec.set("storyboard", Json::Object{{"tile_width", board.tile_width},
                                      {"tile_height", board.tile_height},
                                      {"columns", board.columns}});
  spec.set("limits", limits != nullptr ? *limits : Json());
  return spec;
}

/// Of the child: how many of the tiles are black, whatever it wrote.
std::int64_t blackOnes(const std::string& report, std::size_t count) {
  try {
    const Json json = Json::parse(report);
    const Json* tiles = json.find("tiles");
    if (tiles != nullptr && tiles->isArray() && tiles->array().size() == count) {
      return std::count_if(tiles->array().begin(), tiles->array().end(), [](const Json& tile) {
        const Json* decoded = tile.find("decoded");
        return decoded == nullptr || !decoded->isBool() || !decoded->boolean();
      });
    }
  } catch (const Error&) {
    // Said below, as of any other report that is none.
  }
  throw Error(ErrorCode::Corrupt, "the encoder did not say what is on a storyboard")
      .reason("crashed");
}

}  // namespace

void StoryboardJob::run(JobContext& context) {
  context.enter("encode");
  const EncodingWork work = openWork(shop_, context, EncodingState::Ready);
  const auto renditions = shop_.database.read(
      [&](db::Session& session) { return loadRenditions(session, work.encoding.id); });
  if (renditions.empty()) {
    throw Error(ErrorCode::NotFound, "the encoding has no renditions");
  }
  const Storyboard board = make(context, work, renditions.front());
  shop_.database.transact([&](db::Session& session) {
    if (mayWrite(session, context, EncodingState::Ready)) {
      putStoryboard(session, work.encoding.id, board);
      completeJob(session, context.lease());
      if (context.job().attempt > 1 || context.job().losses > 0) {
        sweepLater(session, work.encoding);
      }
    }
  });
  context.checkpoint();
}

Storyboard StoryboardJob::make(JobContext& context, const EncodingWork& work,
                               const Rendition& rung) {
  Storyboard board = planStoryboard(rung);
  const auto sheets = sheetsOf(board, rung);
  std::int64_t black = 0;
  for (const Tiles& tiles : sheets) {
    black += makeSheet(context, work, tiles, board);
    context.checkpoint();
    context.progress(static_cast<int>(board.sheets.size() * 1000 / sheets.size()));
  }
  if (board.pictures == 0) {
    board.note = "it has no pictures";
  } else if (black > 0) {
    board.note = std::to_string(black) + " of them cannot be decoded, and are black";
  }
  return board;
}

std::int64_t StoryboardJob::makeSheet(JobContext& context, const EncodingWork& work,
                                      const Tiles& tiles, Storyboard& board) {
  const TaskFolder folder(shop_.work_dir, context.job().id, context.lease().token);
  Task task;
  task.id = std::to_string(context.job().id);
  task.spec = storyboardSpec(work, board);
  task.output_dir = folder.path();
  std::vector<FileDescriptor> files;
  for (const Segment* segment : tiles) {
    files.push_back(openSource(shop_.storage, segment->storage_key, shop_.work_dir));
    task.inputs.push_back({std::to_string(task.inputs.size()), files.back().get()});
  }
  std::optional<std::string> sheet;
  std::optional<std::string> report;
  const TaskEvents events{[](std::uint32_t) {}, [](const MadeSegment&) {},
                          [&](const std::string& kind, const std::string& path) {
                            if (kind == "storyboard") {
                              sheet = path;
                            } else if (kind == "report") {
                              report = path;
                            }
                          }};
  shop_.encoder.run(task, events, context.cancelled());
  context.checkpoint();
  const std::int64_t black = blackOnes(report ? folder.read(*report) : "", tiles.size());
  if (!sheet) {
    throw Error(ErrorCode::Corrupt, "the encoder made no storyboard").reason("crashed");
  }
  storeSheet(context, work, folder, *sheet, board);
  return black;
}

void StoryboardJob::storeSheet(JobContext& context, const EncodingWork& work,
                               const TaskFolder& folder, const std::string& path,
                               Storyboard& board) {
  requireJpeg(folder.open(path));
  StoryboardSheet sheet;
  sheet.storage_key =
      storage::storyboardKey(work.source.video_id, work.encoding.id, context.lease().token,
                             static_cast<std::int64_t>(board.sheets.size()));
  sheet.bytes = static_cast<std::int64_t>(
      storeFile(folder, path, shop_.storage, {sheet.storage_key, "image/jpeg"}, std::nullopt));
  board.sheets.push_back(std::move(sheet));
}

void StoryboardJob::giveUp(db::Session& session, const Job& job, const std::string&,
                           const Error& error) {
  const auto encoding =
      job.encoding_id ? findEncoding(session, *job.encoding_id) : std::optional<Encoding>();
  if (!encoding || encoding->state != EncodingState::Ready || isCancelled(job, error)) {
    return;  // its objects go with it
  }
  shop_.log.warning("the storyboard of a video could not be made",
                    {{"video", encoding->video_id}, {"error", error.what()}});
  Storyboard board;
  board.note = std::string("it could not be made: ") + error.what();
  board.note.resize(std::min(board.note.size(), MostBoardNote));
  putStoryboard(session, encoding->id, board);
  sweepLater(session, *encoding);
}

void StoryboardJob::sweepLater(db::Session& session, const Encoding& encoding) {
  session.afterCommit([this, video = encoding.video_id, id = encoding.id,
                       named = encodingKeys(session, encoding.id)] {
    abandonment_.guarded(video, [&] { sweepUnnamed(shop_.storage, video, id, named); });
  });
}

}  // namespace reeld::processing
