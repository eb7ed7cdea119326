// Storage in memory, which has no descriptors to give and can be told to be full.
#pragma once
#include "base/error.h"
#include "storage/storage.h"

#include <unistd.h>

#include <atomic>
#include <map>
#include <string>

namespace reeld::test {

class FakeStorage final : public storage::Storage {
 public:
  std::optional<storage::Object> stat(const std::string& key) override {
    const auto found = objects.find(key);
    return found == objects.end() ? std::nullopt : std::optional(describe(key, found->second));
  }
  std::unique_ptr<storage::Reader> open(const std::string& key, std::uint64_t offset,
                                        std::uint64_t length) override {
    const auto found = objects.find(key);
    if (found == objects.end()) {
      throw Error(ErrorCode::NotFound, "there is no object " + key);
    }
    return std::make_unique<TextReader>(
        found->second.substr(offset, length == 0 ? std::string::npos : length));
  }
  std::unique_ptr<storage::Writer> create(const storage::Object&) override {
    throw Error(ErrorCode::Unsupported, "tests adopt");
  }
  void remove(const std::string& key) override {
    objects.erase(key);
    ++removals;
  }
  void list(const std::string& prefix, const std::string& after,
            const std::function<bool(const storage::Object&)>& visit) override {
    for (const auto& [key, bytes] : objects) {
      if (key.starts_with(prefix) && key > after && !visit(describe(key, bytes))) {
        return;
      }
    }
  }
  int openFd(const std::string&) override { return -1; }
  storage::Object adopt(const storage::Object& hint, int fd) override {
    if (full) {
      throw Error(ErrorCode::Exhausted, "the disk is full").reason("storage-full");
    }
    std::string bytes(hint.size, '\0');
    if (::pread(fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
      throw Error(ErrorCode::Internal, "the spool file is shorter than it says");
    }
    objects[hint.key] = std::move(bytes);
    return describe(hint.key, objects[hint.key]);
  }

  std::map<std::string, std::string> objects;
  std::map<std::string, std::int64_t> modified;  ///< by key; absent = long ago
  bool full = false;
  std::atomic<int> removals{0};

 private:
  class TextReader final : public storage::Reader {
   public:
    explicit TextReader(std::string text) : text_(std::move(text)) {}
    std::size_t read(char* buffer, std::size_t size) override {
      const std::size_t count = text_.copy(buffer, size, at_);
      at_ += count;
      return count;
    }

   private:
    std::string text_;
    std::size_t at_ = 0;
  };
  storage::Object describe(const std::string& key, const std::string& bytes) const {
    const auto time = modified.find(key);
    return {.key = key,
            .size = bytes.size(),
            .modified_ms = time == modified.end() ? 0 : time->second,
            .etag = {},
            .content_type = {}};
  }
};

}  // namespace reeld::test
