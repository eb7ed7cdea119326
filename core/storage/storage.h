// The port of byte storage: keys to immutable objects. The adapter over the C table of a storage
// plugin is plugin/adapters/storage.cpp. Keys come from blob_key.h, never from a client.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::storage {

struct Object {
  std::string key;
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
  std::string etag;
  std::string content_type;
};

/// Bytes of an object from an offset on; one thread.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Bytes read, 0 at the end; throws Error.
  virtual std::size_t read(char* buffer, std::size_t size) = 0;
};

/// Invisible until commit(); destroyed without it, what was written is gone.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual Object commit() = 0;
};

class Storage {
 public:
  virtual ~Storage() = default;
  virtual std::optional<Object> stat(const std::string& key) = 0;
  /// length 0 = to the end; throws NOT_FOUND.
  virtual std::unique_ptr<Reader> open(const std::string& key, std::uint64_t offset,
                                       std::uint64_t length) = 0;
  virtual std::unique_ptr<Writer> create(const Object& hint) = 0;
  virtual void remove(const std::string& key) = 0;  ///< a missing key is no error
  /// Keys below prefix in key order, after `after`; stops when the visitor returns false.
  virtual void list(const std::string& prefix, const std::string& after,
                    const std::function<bool(const Object&)>& visit) = 0;
  /// A descriptor for sendfile, owned by the caller; -1 if this storage has none. Throws NOT_FOUND.
  virtual int openFd(const std::string& key) = 0;
  /// Takes a finished spool file (descriptor at any offset) as the object; copies it if the storage
  /// cannot.
  virtual Object adopt(const Object& hint, int fd) = 0;
};

}  // namespace reeld::storage
