// Readers and writers of a storage plugin, and its objects as values.
// Reads and writes are not counted as calls: they have no deadline, and a slow one is slow for its
// client alone. Each keeps the plugin alive through a lease.
#pragma once
#include "plugin/call.h"
#include "storage/storage.h"

#include <reeld/kind/storage.h>

namespace reeld::plugin::adapters {

/// Throws the failure; of functions that write, EXHAUSTED without a time to retry means that there
/// is no space, which gets the reason "storage-full".
[[noreturn]] void refuseWrite(Error failure);

storage::Object owned(const reeld_object& raw);

/// Where a plugin's one object goes.
struct Kept {
  std::optional<storage::Object> object;
  reeld_object_sink sink{this, [](void* ctx, const reeld_object* raw) -> std::int32_t {
                           static_cast<Kept*>(ctx)->object = owned(*raw);
                           return 1;
                         }};
  Kept() = default;
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
};

class ReaderAdapter final : public storage::Reader {
 public:
  explicit ReaderAdapter(Instance& instance) : lease_(instance), instance_(instance) {}
  ~ReaderAdapter() override;
  reeld_reader* raw() noexcept { return &raw_; }  ///< for open() to fill in

  std::size_t read(char* buffer, std::size_t size) override;

 private:
  Lease lease_;
  Instance& instance_;
  reeld_reader raw_{};
};

class WriterAdapter final : public storage::Writer {
 public:
  WriterAdapter(Instance& instance, std::string key)
      : lease_(instance), instance_(instance), key_(std::move(key)) {}
  ~WriterAdapter() override;
  reeld_writer* raw() noexcept { return &raw_; }  ///< for create() to fill in

  void write(std::string_view bytes) override;
  storage::Object commit() override;

 private:
  Lease lease_;
  Instance& instance_;
  reeld_writer raw_{};
  std::string key_;
  std::uint64_t written_ = 0;
};

}  // namespace reeld::plugin::adapters
