// The port's functions one by one.
#include "plugin/adapters/storage.h"

#include "plugin/adapters/storage_objects.h"

#include <unistd.h>

#include <cerrno>

namespace reeld::plugin::adapters {
namespace {

using storage::Object;

// Adopting may have gigabytes to make durable.
constexpr std::chrono::milliseconds LongCall{300'000};
constexpr std::size_t CopyPiece = 1 << 20;
constexpr std::size_t ListPage = 500;

reeld_object abiHint(const Object& hint) {
  reeld_object raw{};
  raw.struct_size = sizeof raw;
  raw.size = hint.size;
  raw.key = abi(hint.key);
  raw.content_type = abi(hint.content_type);
  return raw;
}

class StorageAdapter final : public storage::Storage {
 public:
  explicit StorageAdapter(Instance& instance) : instance_(instance) {}

  std::optional<Object> stat(const std::string& key) override {
    Call call(instance_);
    Kept kept;
    const ErrorCode code = call.answered(
        table(call).stat(call.self(), call.context(), abi(key), &kept.sink, call.error()));
    if (code == ErrorCode::NotFound) {
      return std::nullopt;
    }
    if (code != ErrorCode::Ok) {
      throw call.failure();
    }
    return std::move(kept.object);
  }

  std::unique_ptr<storage::Reader> open(const std::string& key, std::uint64_t offset,
                                        std::uint64_t length) override {
    Call call(instance_);
    auto reader = std::make_unique<ReaderAdapter>(instance_);
    call.require(table(call).open(call.self(), call.context(), abi(key), offset, length,
                                  reader->raw(), call.error()));
    return reader;
  }

  std::unique_ptr<storage::Writer> create(const Object& hint) override {
    Call call(instance_);
    auto writer = std::make_unique<WriterAdapter>(instance_, hint.key);
    const reeld_object asked = abiHint(hint);
    if (call.answered(table(call).create(call.self(), call.context(), &asked, writer->raw(),
                                         call.error())) != ErrorCode::Ok) {
      refuseWrite(call.failure());
    }
    return writer;
  }

  void remove(const std::string& key) override {
    Call call(instance_);
    call.require(table(call).remove(call.self(), call.context(), abi(key), call.error()));
  }

  // The visitor is ours and may throw or take its time, so it never runs inside the plugin.
  void list(const std::string& prefix, const std::string& after,
            const std::function<bool(const Object&)>& visit) override {
    for (std::string cursor = after;;) {
      const std::vector<Object> page = listPage(prefix, cursor);
      for (const Object& object : page) {
        if (!visit(object)) {
          return;
        }
      }
      if (page.size() < ListPage) {
        return;
      }
      cursor = page.back().key;
    }
  }

  int openFd(const std::string& key) override {
    Call call(instance_);
    const reeld_storage& storage = table(call);
    if (!REELD_HAS(&storage, open_fd)) {
      call.answered(REELD_UNSUPPORTED);
      return -1;
    }
    std::int32_t fd = -1;
    const ErrorCode code =
        call.answered(storage.open_fd(call.self(), call.context(), abi(key), &fd, call.error()));
    if (code == ErrorCode::Unsupported) {
      return -1;
    }
    if (code != ErrorCode::Ok) {
      throw call.failure();
    }
    return fd;
  }

  Object adopt(const Object& hint, int fd) override {
    auto adopted = tryToAdopt(hint, fd);
    return adopted ? std::move(*adopted) : copy(hint, fd);
  }

 private:
  static const reeld_storage& table(const Call& call) {
    return call.table<reeld_storage>(REELD_STORAGE);
  }

  std::vector<Object> listPage(const std::string& prefix, const std::string& after) {
    std::vector<Object> page;
    const reeld_object_sink sink{&page, [](void* ctx, const reeld_object* raw) -> std::int32_t {
                                   auto* objects = static_cast<std::vector<Object>*>(ctx);
                                   objects->push_back(owned(*raw));
                                   return objects->size() < ListPage ? 1 : 0;
                                 }};
    Call call(instance_);
    call.require(table(call).list(call.self(), call.context(), abi(prefix), abi(after), &sink,
                                  call.error()));
    return page;
  }

  std::optional<Object> tryToAdopt(const Object& hint, int fd) {
    Call call(instance_, LongCall);
    const reeld_storage& storage = table(call);
    if (!REELD_HAS(&storage, adopt)) {
      call.answered(REELD_UNSUPPORTED);
      return std::nullopt;
    }
    const reeld_object asked = abiHint(hint);
    Kept kept;
    const ErrorCode code = call.answered(
        storage.adopt(call.self(), call.context(), &asked, fd, &kept.sink, call.error()));
    if (code == ErrorCode::Unsupported) {
      return std::nullopt;
    }
    if (code != ErrorCode::Ok) {
      refuseWrite(call.failure());
    }
    if (!kept.object) {
      throw Error(ErrorCode::Internal,
                  "plugin \"" + instance_.name() + "\": adopt() says OK, but not what it has");
    }
    return std::move(kept.object);
  }

  Object copy(const Object& hint, int fd) {
    const auto writer = create(hint);
    std::string piece(CopyPiece, '\0');
    for (off_t offset = 0;;) {
      const ssize_t count = pread(fd, piece.data(), piece.size(), offset);
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        throw systemError("cannot read the finished upload for " + hint.key, errno);
      }
      if (count == 0) {
        return writer->commit();
      }
      writer->write(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
      offset += count;
    }
  }

  Instance& instance_;
};

}  // namespace

std::unique_ptr<storage::Storage> storage(Instance& instance) {
  return std::make_unique<StorageAdapter>(instance);
}

}  // namespace reeld::plugin::adapters
