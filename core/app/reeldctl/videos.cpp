// reeldctl video list, add, why, verify.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <ostream>

namespace reeld::app::reeldctl {

namespace {

std::string seconds(const Json& video) {
  const Json* ms = video.find("duration_ms");
  return ms == nullptr || !ms->isInteger() ? "-" : std::to_string((ms->integer() + 500) / 1000);
}

int list(Context& context) {
  Json args = context.listArgs("100");
  for (const std::string option : {"q", "category", "tag", "creator"}) {
    if (context.line().has(option)) {
      args.set(option, context.line().value(option));
    }
  }
  args.set("deleted", context.line().has("deleted"));
  const Json result = context.call("video list", args);
  context.print(rowsOf(result, "videos"), [&](const Json& rows) {
    cli::Table table({"ID", "STATE", "SECONDS", "CREATOR", "CATEGORY", "TITLE", "WHY FAILED"});
    for (const auto& video : rows.array()) {
      table.add({text(video, "id"), text(video, "state"), seconds(video), text(video, "creator_id"),
                 text(video, "category"), text(video, "title"), text(video, "cause")});
    }
    const auto shown = static_cast<std::int64_t>(rows.array().size());
    const std::int64_t total = integer(result, "total");
    return table.text() +
           (total > shown ? "... and " + std::to_string(total - shown) + " more (--limit)\n" : "");
  });
  return cli::Success;
}

FileDescriptor openSource(const std::string& path) {
  FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || fstat(file.get(), &status) != 0) {
    throw systemError("cannot open " + path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::Invalid, path + " is no regular file");
  }
  return file;
}

/// "copying 40 %", over itself on a terminal, nothing elsewhere.
void showProgress(std::ostream& out, const Json& step) {
  std::string line;
  if (const std::int64_t of = integer(step, "of"); of > 0) {
    line = "copying " + std::to_string(integer(step, "bytes") * 100 / of) + " %";
  } else {
    line = text(step, "state") + " " + std::to_string(integer(step, "permille") / 10) + " %";
  }
  out << "\r\x1b[K" << cli::printable(line) << std::flush;
}

int add(Context& context) {
  const auto& line = context.line();
  const std::string path = context.operand(0, "FILE");
  const FileDescriptor file = openSource(path);
  const std::filesystem::path name = std::filesystem::path(path).filename();
  Json args = Json::Object{{"title", line.value("title", name.stem())},
                           {"file_name", name.string()},
                           {"wait", line.has("wait")}};
  for (const std::string option : {"creator", "description", "category", "tags"}) {
    if (line.has(option)) {
      args.set(option, line.value(option));
    }
  }
  const bool on_terminal = isatty(STDERR_FILENO) == 1 && !context.wantsJson();
  std::ostream& err = context.streams().err;
  const Json video = context.call("video add", args, file.get(), [&](const Json& step) {
    if (on_terminal) {
      showProgress(err, step);
    }
  });
  if (on_terminal) {
    err << "\r\x1b[K";
  }
  context.print(video, [](const Json& made) {
    const std::string hint = text(made, "hint");
    return "video " + text(made, "id") + ": " + text(made, "state") +
           (hint.empty() ? "" : ": " + cli::printable(hint)) + "\n";
  });
  return text(video, "state") == "FAILED" ? cli::Failure : cli::Success;
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

int verify(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  const Json result = context.call("video verify", Json::Object{{"id", id}});
  context.print(result, [](const Json& found) {
    const Json* problems = found.find("problems");
    if (problems == nullptr || !problems->isArray() || problems->array().empty()) {
      return "video " + text(found, "id") + ": whole: " + text(found, "renditions") +
             " renditions, " + text(found, "segments") + " segments, " + text(found, "bytes") +
             " bytes\n";
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
       "list videos, newest first",
       {{"limit", "N", "at most so many (default 100)"},
        {"state", "STATE", "only these: UPLOADED, PROCESSING, READY, FAILED"},
        {"q", "WORDS", "only those with these words in title or description"},
        {"category", "NAME", "only these"},
        {"tag", "TAG", "only these"},
        {"creator", "USER", "only those of this user, id or e-mail"},
        {"deleted", "", "those that are deleted and can be restored"}},
       list},
      {"video add",
       "FILE",
       "make a video of a file on this machine",
       {{"title", "TITLE", "its title (default: the file's name)"},
        {"creator", "USER", "whose it is, id or e-mail (default: the first administrator)"},
        {"description", "TEXT", "its description"},
        {"category", "NAME", "its category (default miscellaneous)"},
        {"tags", "A,B", "its tags"},
        {"wait", "", "wait until it is READY or FAILED"}},
       add,
       1},
      {"video why", "ID", "say why a video is in the state it is in", {}, why, 1},
      {"video verify", "ID", "check that everything a player needs of it is there", {}, verify, 1},
  };
}

}  // namespace reeld::app::reeldctl
