// reeld.storage/1 for a C++ class that has
//   std::optional<Object> stat(Call, std::string_view key)
//   std::unique_ptr<R> open(Call, std::string_view key, uint64_t offset, uint64_t length)
//       where R has size_t read(char*, size_t), 0 = end
//   std::unique_ptr<W> create(Call, const Object& hint)
//       where W has void write(std::string_view) and Object commit()
//   void remove(Call, std::string_view key)
//   void list(Call, std::string_view prefix, std::string_view after, ObjectSink)
// and, optionally,
//   int openFd(Call, std::string_view key)
//   std::string presign(Call, std::string_view key, int64_t ttl_ms)
//   std::optional<Object> adopt(Call, const Object& hint, int fd)      nothing = UNSUPPORTED
// Failures are thrown: Failure(REELD_NOT_FOUND, "no such object").
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/storage.h>

#include <memory>
#include <optional>

namespace reeld::sdk {

struct Object {
  std::string key;
  uint64_t size = 0;
  int64_t modified_ms = 0;
  std::string etag;
  std::string content_type;
};

/// Takes objects in order; false = no more wanted.
class ObjectSink {
 public:
  explicit ObjectSink(const reeld_object_sink* raw) noexcept : raw_(raw) {}
  bool operator()(const Object& object) const {
    if (raw_ == nullptr || raw_->object == nullptr)
      return true;
    reeld_object out{};
    out.struct_size = sizeof out;
    out.size = object.size;
    out.modified_ms = object.modified_ms;
    out.key = abi(object.key);
    out.etag = abi(object.etag);
    out.content_type = abi(object.content_type);
    return raw_->object(raw_->ctx, &out) != 0;
  }

 private:
  const reeld_object_sink* raw_;
};

namespace detail {

inline Object owned(const reeld_object* raw) {
  return {std::string(view(raw->key)), raw->size, raw->modified_ms, std::string(view(raw->etag)),
          std::string(view(raw->content_type))};
}

template <class R>
reeld_reader lendReader(std::unique_ptr<R> reader) noexcept {
  reeld_reader out{};
  out.impl = reader.release();
  out.read = [](void* impl, void* buffer, size_t size, reeld_error* error) noexcept -> int64_t {
    int64_t count = 0;
    const reeld_status status = contain(error, [&]() -> reeld_status {
      count = static_cast<int64_t>(static_cast<R*>(impl)->read(static_cast<char*>(buffer), size));
      return REELD_OK;
    });
    return status == REELD_OK ? count : -int64_t{status};
  };
  out.release = [](void* impl) noexcept { delete static_cast<R*>(impl); };
  return out;
}

template <class W>
reeld_writer lendWriter(std::unique_ptr<W> writer) noexcept {
  reeld_writer out{};
  out.impl = writer.release();
  out.write = [](void* impl, reeld_bytes bytes, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<W*>(impl)->write(view(bytes));
      return REELD_OK;
    });
  };
  out.commit = [](void* impl, const reeld_object_sink* sink,
                  reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      const ObjectSink made(sink);
      made(static_cast<W*>(impl)->commit());
      return REELD_OK;
    });
  };
  out.release = [](void* impl) noexcept { delete static_cast<W*>(impl); };
  return out;
}

template <class P>
struct StorageCalls {
  static P& plugin(void* self) noexcept { return *static_cast<P*>(self); }

  static reeld_status stat(void* self, const reeld_call* call, reeld_str key,
                           const reeld_object_sink* sink, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      const std::optional<Object> object = plugin(self).stat(Call(call), view(key));
      if (!object)
        throw Failure(REELD_NOT_FOUND, "no object " + std::string(view(key)));
      const ObjectSink found(sink);
      found(*object);
      return REELD_OK;
    });
  }
  static reeld_status open(void* self, const reeld_call* call, reeld_str key, uint64_t offset,
                           uint64_t length, reeld_reader* out, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      *out = lendReader(plugin(self).open(Call(call), view(key), offset, length));
      return REELD_OK;
    });
  }
  static reeld_status create(void* self, const reeld_call* call, const reeld_object* hint,
                             reeld_writer* out, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      *out = lendWriter(plugin(self).create(Call(call), owned(hint)));
      return REELD_OK;
    });
  }
  static reeld_status remove(void* self, const reeld_call* call, reeld_str key,
                             reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      plugin(self).remove(Call(call), view(key));
      return REELD_OK;
    });
  }
  static reeld_status list(void* self, const reeld_call* call, reeld_str prefix, reeld_str after,
                           const reeld_object_sink* sink, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      plugin(self).list(Call(call), view(prefix), view(after), ObjectSink(sink));
      return REELD_OK;
    });
  }
  static reeld_status openFd(void* self, const reeld_call* call, reeld_str key, int32_t* fd,
                             reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      *fd = plugin(self).openFd(Call(call), view(key));
      return REELD_OK;
    });
  }
  static reeld_status presign(void* self, const reeld_call* call, reeld_str key, int64_t ttl_ms,
                              const reeld_sink* url, reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      const std::string made = plugin(self).presign(Call(call), view(key), ttl_ms);
      url->value(url->ctx, abiBytes(made), 0);
      return REELD_OK;
    });
  }
  static reeld_status adopt(void* self, const reeld_call* call, const reeld_object* hint,
                            int32_t fd, const reeld_object_sink* sink,
                            reeld_error* error) noexcept {
    return contain(error, [&]() -> reeld_status {
      const std::optional<Object> object = plugin(self).adopt(Call(call), owned(hint), fd);
      if (!object)
        return REELD_UNSUPPORTED;
      const ObjectSink found(sink);
      found(*object);
      return REELD_OK;
    });
  }
};

template <class P>
constexpr bool offersStorage() {
  return requires {
    &P::stat;
    &P::open;
    &P::create;
    &P::remove;
    &P::list;
  };
}

template <class P>
inline constexpr reeld_storage storage_table = [] {
  using Calls = StorageCalls<P>;
  reeld_storage table{};
  table.struct_size = sizeof table;
  table.stat = &Calls::stat;
  table.open = &Calls::open;
  table.create = &Calls::create;
  table.remove = &Calls::remove;
  table.list = &Calls::list;
  if constexpr (requires { &P::openFd; })
    table.open_fd = &Calls::openFd;
  if constexpr (requires { &P::presign; })
    table.presign = &Calls::presign;
  if constexpr (requires { &P::adopt; })
    table.adopt = &Calls::adopt;
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
