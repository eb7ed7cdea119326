// reeldctl video edit, requeue, reprocess, delete, restore, purge.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"

namespace reeld::app::reeldctl {

namespace {

std::int64_t idOf(Context& context) { return context.number(context.operand(0, "ID"), "ID"); }

std::string printedState(const Json& video) {
  return "video " + text(video, "id") + " \"" + cli::printable(text(video, "title")) +
         "\": " + text(video, "state") + (flag(video, "reprocessing") ? ", being made anew" : "") +
         (text(video, "deleted_at").empty() ? "" : ", deleted") + "\n";
}

int edit(Context& context) {
  Json args = Json::Object{{"id", idOf(context)}};
  bool has_change = false;
  for (const std::string option : {"title", "description", "category", "tags", "price"}) {
    if (context.line().has(option)) {
      args.set(option, context.line().value(option));
      has_change = true;
    }
  }
  if (!has_change) {
    throw Error(ErrorCode::Invalid, "nothing to change was given").reason("usage");
  }
  context.print(context.call("video edit", args), printedState);
  return cli::Success;
}

std::function<int(Context&)> simple(const std::string& command) {
  return [command](Context& context) {
    context.print(context.call(command, Json::Object{{"id", idOf(context)}}), printedState);
    return cli::Success;
  };
}

int purge(Context& context) {
  const Json args = Json::Object{{"id", idOf(context)}, {"force", context.line().has("force")}};
  context.print(context.call("video purge", args), [](const Json& done) {
    return "video " + text(done, "id") + " is purged: nothing of it is left\n";
  });
  return cli::Success;
}

}  // namespace

Subcommands videoChangeSubcommands() {
  return {
      {"video edit",
       "ID",
       "change what is said about a video",
       {{"title", "TITLE", "its title"},
        {"description", "TEXT", "its description"},
        {"category", "NAME", "its category"},
        {"tags", "A,B", "its tags, all of them"},
        {"price", "AMOUNT", "what it costs, such as 9.99; or free"}},
       edit,
       1},
      {"video requeue", "ID", "try a FAILED video once more", {}, simple("video requeue"), 1},
      {"video reprocess",
       "ID",
       "make a READY video anew; what there is plays on",
       {},
       simple("video reprocess"),
       1},
      {"video delete",
       "ID",
       "delete a video; it can be restored until it is purged",
       {},
       simple("video delete"),
       1},
      {"video restore", "ID", "bring a deleted video back", {}, simple("video restore"), 1},
      {"video purge",
       "ID",
       "take a deleted video away for good, with every file of it, now",
       {{"force", "", "also one that is not deleted"}},
       purge,
       1},
  };
}

}  // namespace reeld::app::reeldctl
