// reeldctl video add, replace, poster: what sends a file.
#include "app/cli/exit_code.h"
#include "app/cli/table.h"
#include "app/reeldctl/context.h"
#include "base/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <ostream>

namespace reeld::app::reeldctl {

namespace {

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

/// Sends the file; on a terminal it is shown how far it is.
Json send(Context& context, const std::string& command, const Json& args, int file) {
  const bool on_terminal = isatty(STDERR_FILENO) == 1 && !context.wantsJson();
  std::ostream& err = context.streams().err;
  Json video = context.call(command, args, file, [&](const Json& step) {
    if (on_terminal) {
      showProgress(err, step);
    }
  });
  if (on_terminal) {
    err << "\r\x1b[K";
  }
  return video;
}

/// A hint beside READY tells why the file that was sent is not the one that plays.
std::string printedFate(const Json& video) {
  const std::string hint = text(video, "hint");
  return "video " + text(video, "id") + ": " + text(video, "state") +
         (flag(video, "reprocessing") ? ", being made anew" : "") +
         (hint.empty() ? "" : ": " + cli::printable(hint)) + "\n";
}

int add(Context& context) {
  const auto& line = context.line();
  const std::string path = context.operand(0, "FILE");
  const FileDescriptor file = openSource(path);
  const std::filesystem::path name = std::filesystem::path(path).filename();
  Json args = Json::Object{{"title", line.value("title", name.stem())},
                           {"file_name", name.string()},
                           {"wait", line.has("wait")}};
  for (const std::string option : {"creator", "description", "category", "tags", "price"}) {
    if (line.has(option)) {
      args.set(option, line.value(option));
    }
  }
  const Json video = send(context, "video add", args, file.get());
  context.print(video, printedFate);
  return text(video, "state") == "FAILED" ? cli::Failure : cli::Success;
}

int replace(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  const std::string path = context.operand(1, "FILE");
  const FileDescriptor file = openSource(path);
  const bool waits = context.line().has("wait");
  const Json args = Json::Object{
      {"id", id}, {"file_name", std::filesystem::path(path).filename().string()}, {"wait", waits}};
  const Json video = send(context, "video replace", args, file.get());
  context.print(video, printedFate);
  return waits && !text(video, "hint").empty() ? cli::Failure : cli::Success;
}

std::string printedPoster(const Json& video) {
  const char* const shows = flag(video, "has_own_poster") ? "shows a poster of its own"
                            : flag(video, "has_poster")   ? "shows the poster that was made of it"
                                                          : "has no poster";
  return "video " + text(video, "id") + " \"" + cli::printable(text(video, "title")) +
         "\": " + shows + "\n";
}

int poster(Context& context) {
  const std::int64_t id = context.number(context.operand(0, "ID"), "ID");
  const bool clears = context.line().has("clear");
  if (clears && context.line().operands().size() > 1) {
    throw Error(ErrorCode::Invalid, "FILE and --clear do not go together").reason("usage");
  }
  const FileDescriptor file =
      clears ? FileDescriptor() : openSource(context.operand(1, "FILE or --clear"));
  const Json args = Json::Object{{"id", id}, {"clear", clears}};
  context.print(send(context, "video poster", args, file.get()), printedPoster);
  return cli::Success;
}

}  // namespace

Subcommands videoFileSubcommands() {
  return {
      {"video add",
       "FILE",
       "make a video of a file on this machine",
       {{"title", "TITLE", "its title (default: the file's name)"},
        {"creator", "USER", "whose it is, id or e-mail (default: the first administrator)"},
        {"description", "TEXT", "its description"},
        {"category", "NAME", "its category (default miscellaneous)"},
        {"tags", "A,B", "its tags"},
        {"price", "AMOUNT", "what it costs, such as 9.99 (default: free)"},
        {"wait", "", "wait until it is READY or FAILED"}},
       add,
       1},
      {"video replace",
       "ID FILE",
       "give a video another file; what there is plays until that is ready",
       {{"wait", "", "wait until it is READY or FAILED"}},
       replace,
       2},
      {"video poster",
       "ID FILE",
       "give a video a poster of its own: a JPEG, PNG or WebP",
       {{"clear", "", "instead of FILE: back to the poster that was made of it"}},
       poster,
       2},
  };
}

}  // namespace reeld::app::reeldctl
