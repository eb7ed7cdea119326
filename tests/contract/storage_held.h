// A storage plugin behind its C table, with values in and out. Any thread: what must not happen is
// thrown, because Catch's own assertions belong to one thread.
#pragma once
#include "held.h"

#include <reeld/kind/storage.h>

#include <optional>

namespace reeld::test {

struct Stored {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;
  std::int64_t modified_ms = 0;
};

class StorageHeld : public Held {
 public:
  explicit StorageHeld(const std::string& name, const std::string& config = "{}",
                       const std::filesystem::path& data_dir = {})
      : Held(name, config, data_dir), storage(table<reeld_storage>(REELD_STORAGE)) {
    REQUIRE(status == REELD_OK);
  }

  /// Every plugin that offers the kind and can be held without anything around it.
  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const std::string& name : bundledNames()) {
      if (plugin::tableOf(opened(name), REELD_STORAGE) != nullptr) {
        out.push_back(name);
      }
    }
    REQUIRE_FALSE(out.empty());
    return out;
  }

  reeld_status put(const std::string& key, const std::string& bytes,
                   Stored* stored = nullptr) const {
    reeld_writer writer{};
    reeld_error out = plugin::blankError();
    reeld_status answer = begin(key, writer);
    if (answer != REELD_OK) {
      return answer;
    }
    answer = writer.write(writer.impl, plugin::abiBytes(bytes), &out);
    if (answer == REELD_OK) {
      std::optional<Stored> kept;
      const reeld_object_sink sink = sinkFor(kept);
      answer = writer.commit(writer.impl, &sink, &out);
      if (stored != nullptr && kept) {
        *stored = *kept;
      }
    }
    writer.release(writer.impl);
    return answer;
  }
  reeld_status begin(const std::string& key, reeld_writer& writer, std::uint64_t size = 0) const {
    reeld_object hint{};
    hint.struct_size = sizeof hint;
    hint.key = plugin::abi(key);
    hint.size = size;
    reeld_error out = plugin::blankError();
    return storage.create(self, &call, &hint, &writer, &out);
  }
  /// The bytes, or nothing if the key is missing.
  std::optional<std::string> get(const std::string& key, std::uint64_t offset = 0,
                                 std::uint64_t length = 0) const {
    reeld_reader reader{};
    reeld_error out = plugin::blankError();
    const reeld_status answer =
        storage.open(self, &call, plugin::abi(key), offset, length, &reader, &out);
    if (answer == REELD_NOT_FOUND) {
      return std::nullopt;
    }
    demand(answer == REELD_OK, "open " + key + ": " + out.message);
    std::string all;
    char piece[1000];
    std::int64_t count = 0;
    while ((count = reader.read(reader.impl, piece, sizeof piece, &out)) > 0) {
      all.append(piece, static_cast<std::size_t>(count));
    }
    reader.release(reader.impl);
    demand(count == 0, "read " + key);
    return all;
  }
  std::optional<Stored> stat(const std::string& key) const {
    std::optional<Stored> found;
    const reeld_object_sink sink = sinkFor(found);
    reeld_error out = plugin::blankError();
    const reeld_status answer = storage.stat(self, &call, plugin::abi(key), &sink, &out);
    demand(answer == (found ? REELD_OK : REELD_NOT_FOUND), "stat " + key);
    return found;
  }
  reeld_status remove(const std::string& key) const {
    reeld_error out = plugin::blankError();
    return storage.remove(self, &call, plugin::abi(key), &out);
  }
  std::vector<std::string> list(const std::string& prefix, const std::string& after = "",
                                std::size_t limit = 100'000) const {
    struct Page {
      std::vector<std::string> keys;
      std::size_t limit;
    } page{{}, limit};
    const reeld_object_sink sink{&page, [](void* ctx, const reeld_object* object) -> std::int32_t {
                                   auto* to = static_cast<Page*>(ctx);
                                   to->keys.emplace_back(plugin::view(object->key));
                                   return to->keys.size() < to->limit ? 1 : 0;
                                 }};
    reeld_error out = plugin::blankError();
    demand(
        storage.list(self, &call, plugin::abi(prefix), plugin::abi(after), &sink, &out) == REELD_OK,
        "list " + prefix);
    return page.keys;
  }
  reeld_status adopt(const std::string& key, int fd, Stored* stored = nullptr) const {
    reeld_object hint{};
    hint.struct_size = sizeof hint;
    hint.key = plugin::abi(key);
    std::optional<Stored> kept;
    const reeld_object_sink sink = sinkFor(kept);
    reeld_error out = plugin::blankError();
    const reeld_status answer = storage.adopt(self, &call, &hint, fd, &sink, &out);
    if (stored != nullptr && kept) {
      *stored = *kept;
    }
    return answer;
  }
  int openFd(const std::string& key) const {
    std::int32_t fd = -1;
    reeld_error out = plugin::blankError();
    return storage.open_fd(self, &call, plugin::abi(key), &fd, &out) == REELD_OK ? fd : -1;
  }

  const reeld_storage& storage;
  const reeld_call call{sizeof(reeld_call), 0, {}, {}, 0, nullptr};

 private:
  static void demand(bool holds, const std::string& what) {
    if (!holds) {
      throw std::runtime_error(what);
    }
  }
  static reeld_object_sink sinkFor(std::optional<Stored>& to) {
    return {&to, [](void* ctx, const reeld_object* object) -> std::int32_t {
              static_cast<std::optional<Stored>*>(ctx)->emplace(
                  Stored{std::string(plugin::view(object->key)), object->size,
                         std::string(plugin::view(object->etag)), object->modified_ms});
              return 1;
            }};
  }
};

}  // namespace reeld::test
