// reeldctl video list, why, verify.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"

#include <unistd.h>

#include <ostream>

namespace reeld::app::reeldctl {

namespace {

std::string seconds(const Json& video) {
  const Json* ms = video.find("duration_ms");
  return ms == nullptr || !ms->isInteger() ? "-" : std::to_string((ms->integer() + 500) / 1000);
}

/// "9.50", or a dash for what is free.
std::string price(const Json& video) {
  if (!flag(video, "is_paid")) {
    return "-";
  }
  const std::int64_t minor = integer(video, "price_minor");
  const std::string cents = std::to_string(minor % 100);
  return std::to_string(minor / 100) + (cents.size() < 2 ? ".0" : ".") + cents;
}

std::string time(const Json& video, const char* name) {
  return cli::printedTime(integer(video, name));
}

int listVideos(Context& context) {
  constexpr std::size_t TitleColumns = 40;  // it may have 300: the last column would be far away
  Json args = context.listArgs("100");
  for (const std::string option : {"q", "category", "tag", "creator", "sort"}) {
    if (context.line().has(option)) {
      args.set(option, context.line().value(option));
    }
  }
  for (const std::string option : {"paid", "free", "deleted"}) {
    args.set(option, context.line().has(option));
  }
  const bool skips = context.line().has("skip");
  const std::int64_t skipped = skips ? context.number(context.line().value("skip"), "--skip") : 0;
  args.set("skip", skipped);
  const Json result = context.call("video list", args);
  context.print(rowsOf(result, "videos"), [&](const Json& rows) {
    cli::Table table({"ID", "STATE", "SECONDS", "CREATOR", "PAID", "CREATED", "UPDATED", "CATEGORY",
                      "TITLE", "WHY FAILED"});
    for (const auto& video : rows.array()) {
      table.add({text(video, "id"), text(video, "state"), seconds(video), text(video, "creator_id"),
                 price(video), time(video, "created_at"), time(video, "updated_at"),
                 text(video, "category"), cli::shortened(text(video, "title"), TitleColumns),
                 text(video, "cause")});
    }
    const auto shown = static_cast<std::int64_t>(rows.array().size());
    const std::int64_t more = integer(result, "total") - skipped - shown;
    return table.text() +
           (more > 0 ? "... and " + std::to_string(more) + " more (--limit, --skip)\n" : "");
  });
  return cli::Success;
}

std::string printedWhy(const Json& why) {
  std::string out = "video " + text(why, "id") + " \"" + cli::printable(text(why, "title")) +
                    "\": " + text(why, "state") + (flag(why, "damaged") ? ", damaged" : "") +
                    (flag(why, "playable") ? ", playable" : "") +
                    (flag(why, "deleted") ? ", deleted" : "") + "\n";
  if (const Json* steps = why.find("steps"); steps != nullptr && steps->isArray()) {
    for (const auto& step : steps->array()) {
      out += "  " + cli::printable(step.text()) + "\n";
    }
  }
  return out;
}

int why(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  context.print(context.call("video why", Json::Object{{"id", id}}), printedWhy);
  return cli::Success;
}

int verifyVideo(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  const bool on_terminal = isatty(STDERR_FILENO) == 1 && !context.wantsJson();
  std::ostream& err = context.streams().err;
  const Json args = Json::Object{{"id", id}, {"full", context.line().has("full")}};
  const Json result = context.call("video verify", args, -1, [&](const Json& step) {
    if (on_terminal) {
      err << "\r\x1b[K" << text(step, "segments") << " of " << text(step, "of")
          << " segments decoded" << std::flush;
    }
  });
  if (on_terminal) {
    err << "\r\x1b[K";
  }
  context.print(result, [](const Json& found) {
    const Json* problems = found.find("problems");
    if (problems == nullptr || !problems->isArray() || problems->array().empty()) {
      return "video " + text(found, "id") + ": whole: " + text(found, "renditions") +
             " renditions, " + text(found, "segments") + " segments, " + text(found, "bytes") +
             " bytes" + (flag(found, "decoded") ? ", every frame of them decodes" : "") + "\n";
    }
    std::string out;
    for (const auto& problem : problems->array()) {
      out += "video " + text(found, "id") + ": " + cli::printable(problem.text()) + "\n";
    }
    return out;
  });
  return flag(result, "ok") ? cli::Success : cli::Failure;
}

}  // namespace

Subcommands videoSubcommands() {
  return {
      {"video list",
       "",
       "list videos, newest first or as --sort says",
       {{"limit", "N", "at most so many (default 100)"},
        {"skip", "N", "without the first N"},
        {"state", "STATE", "only these: UPLOADED, PROCESSING, READY, FAILED"},
        {"q", "WORDS", "only those with these words in title or description"},
        {"category", "NAME", "only these"},
        {"tag", "TAG", "only these"},
        {"creator", "USER", "only those of this user, id or e-mail"},
        {"paid", "", "only those that cost something"},
        {"free", "", "only those that cost nothing"},
        {"sort", "ORDER", "created, updated or title; -created and so on for the last one first"},
        {"deleted", "", "those that are deleted and can be restored"}},
       listVideos},
      {"video why", "ID", "say why a video is in the state it is in", {}, why, 1},
      {"video verify",
       "ID",
       "check that everything a player needs of it is there, as it was published",
       {{"full", "", "decode all of it as well: takes a share of the time it took to encode"}},
       verifyVideo,
       1},
  };
}

}  // namespace reeld::app::reeldctl
