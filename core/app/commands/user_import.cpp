#include "app/commands/user_import.h"

#include "app/commands/import_file.h"
#include "base/error.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace reeld::app::commands {

namespace {

/// So many users in one transaction: others who write wait for no longer than that takes.
constexpr std::size_t Batch = 200;
constexpr std::size_t MostBytes = 64 << 20;
constexpr std::size_t PieceBytes = 65536;
constexpr int LookAgainMs = 500;

/// All that comes out of the descriptor, which may be a pipe that is filled slowly.
std::string readAll(control::Request& request) {
  if (request.file() < 0) {
    throw Error(ErrorCode::Invalid, "a file must come with the request");
  }
  std::string text;
  std::array<char, PieceBytes> piece{};
  for (;;) {
    pollfd ready{.fd = request.file(), .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, LookAgainMs) == 0) {
      request.pause(std::chrono::milliseconds(0));
      continue;
    }
    const ssize_t got = read(request.file(), piece.data(), piece.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (got < 0) {
      throw systemError("cannot read the file", errno);
    }
    if (got == 0) {
      return text;
    }
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > MostBytes) {
      throw Error(ErrorCode::Invalid, "the file has more than 64 MiB: import it in parts");
    }
  }
}

void tell(control::Request& request, std::vector<users::ImportFault> faults) {
  std::stable_sort(faults.begin(), faults.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  for (const auto& fault : faults) {
    request.progress(
        Json::Object{{"fault", Json::Object{{"line", static_cast<std::int64_t>(fault.line)},
                                            {"field", fault.field},
                                            {"sentence", fault.sentence}}}});
  }
}

/// How many were, or would be, made.
std::size_t addUsers(control::Request& request, users::UserImport& import,
                     std::span<const users::ImportedUser> users, bool dry_run) {
  std::size_t made = 0;
  for (std::size_t begin = 0; begin < users.size(); begin += Batch) {
    const auto batch = users.subspan(begin, std::min(Batch, users.size() - begin));
    const auto is_new = dry_run ? import.wouldAdd(batch) : import.add(batch);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      made += is_new[i] ? 1 : 0;
      if (!is_new[i]) {
        request.progress(Json::Object{
            {"existing", Json::Object{{"line", static_cast<std::int64_t>(batch[i].line)},
                                      {"email", batch[i].email}}}});
      }
    }
    request.progress(Json::Object{{"done", static_cast<std::int64_t>(begin + batch.size())},
                                  {"of", static_cast<std::int64_t>(users.size())}});
  }
  return made;
}

Json run(control::Request& request, users::UserImport& import) {
  const bool dry_run = request.flag("dry_run");
  auto [users, faults] = readImportFile(readAll(request));
  auto more = import.faultsOf(users);
  faults.insert(faults.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
  const std::size_t made = faults.empty() ? addUsers(request, import, users, dry_run) : 0;
  const auto number = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  Json result = Json::Object{
      {"users", number(users.size())},
      {"made", number(made)},
      {"existing", number(faults.empty() ? users.size() - made : 0)},
      {"faults", number(faults.size())},
      {"dry_run", dry_run},
  };
  tell(request, std::move(faults));
  return result;
}

}  // namespace

control::Command userImportCommand(users::UserImport& import) {
  return {"user import", [&import](control::Request& request) { return run(request, import); }};
}

}  // namespace reeld::app::commands
