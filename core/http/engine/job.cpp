#include "http/engine/job.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace reeld::http::engine {

namespace {

/// Blocks until the bytes are in the page cache; errors show later, at sendfile.
void warm(const FileSlice& file, std::uint64_t offset, std::uint64_t length) noexcept {
  constexpr std::uint64_t Stride = 128 * 1024;
  const auto end = std::min(offset + length, file.offset + file.length);
  readahead(file.fd, static_cast<off64_t>(offset), static_cast<std::size_t>(length));
  char byte = 0;
  for (std::uint64_t at = offset; at < end; at += Stride) {
    [[maybe_unused]] const auto got = pread(file.fd, &byte, 1, static_cast<off_t>(at));
  }
  if (end > offset) {
    [[maybe_unused]] const auto got = pread(file.fd, &byte, 1, static_cast<off_t>(end - 1));
  }
}

}  // namespace

void Job::execute() noexcept {
  switch (kind) {
    case JobKind::Run:
      next = call->run();
      return;
    case JobKind::OpenUpload:
      ok = call->openUpload();
      return;
    case JobKind::WritePiece:
      ok = call->writeUpload({call->piece.bytes.get(), call->piece.size});
      return;
    case JobKind::FinishUpload:
      call->finishUpload();
      return;
    case JobKind::DropUpload:
      call->dropUpload();
      return;
    case JobKind::NextPiece:
      ok = call->nextPiece();
      return;
    case JobKind::Warm:
      if (const auto* file = std::get_if<FileSlice>(&call->reply.body)) {
        warm(*file, file->offset + offset, length);
      }
      return;
  }
}

}  // namespace reeld::http::engine
