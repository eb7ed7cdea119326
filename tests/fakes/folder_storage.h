// Storage as plain files in a temporary folder: any thread, with descriptors, and it can be told to
// be full.
#pragma once
#include "base/error.h"
#include "storage/storage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace reeld::test {

class FolderStorage final : public storage::Storage {
 public:
  explicit FolderStorage(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
  }

  void put(const std::string& key, const std::string& bytes) {
    std::filesystem::create_directories(path(key).parent_path());
    std::ofstream(path(key), std::ios::binary) << bytes;
  }
  std::string get(const std::string& key) {
    std::ifstream file(path(key), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::vector<std::string> keys(const std::string& prefix = "") {
    std::vector<std::string> found;
    list(prefix, "", [&](const storage::Object& object) {
      found.push_back(object.key);
      return true;
    });
    return found;
  }

  std::optional<storage::Object> stat(const std::string& key) override {
    struct stat found {};
    if (::stat(path(key).c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
      return std::nullopt;
    }
    storage::Object object;
    object.key = key;
    object.size = static_cast<std::uint64_t>(found.st_size);
    return object;
  }
  std::unique_ptr<storage::Reader> open(const std::string& key, std::uint64_t offset,
                                        std::uint64_t length) override {
    if (!stat(key)) {
      throw Error(ErrorCode::NotFound, "no object " + key);
    }
    return std::make_unique<FileReader>(path(key), offset, length);
  }
  std::unique_ptr<storage::Writer> create(const storage::Object&) override {
    throw Error(ErrorCode::Unsupported, "tests adopt");
  }
  void remove(const std::string& key) override { std::filesystem::remove(path(key)); }
  void list(const std::string& prefix, const std::string& after,
            const std::function<bool(const storage::Object&)>& visit) override {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      const std::string key = std::filesystem::relative(entry.path(), folder_).string();
      if (entry.is_regular_file() && key.starts_with(prefix) && key > after) {
        found.push_back(key);
      }
    }
    std::sort(found.begin(), found.end());
    for (const std::string& key : found) {
      const auto object = stat(key);
      if (object && !visit(*object)) {
        return;
      }
    }
  }
  int openFd(const std::string& key) override {
    const int fd = ::open(path(key).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      throw Error(ErrorCode::NotFound, "no object " + key);
    }
    return fd;
  }
  storage::Object adopt(const storage::Object& hint, int fd) override {
    if (full || room == 0) {
      throw Error(ErrorCode::Exhausted, "the disk is full").reason("storage-full");
    }
    std::string bytes(hint.size, '\0');
    if (::pread(fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
      throw Error(ErrorCode::Internal, "the file is shorter than it says");
    }
    put(hint.key, bytes);
    room -= room > 0 ? 1 : 0;
    return *stat(hint.key);
  }

  std::atomic<bool> full{false};
  std::atomic<int> room{-1};  ///< objects until it is full; negative = no end

 private:
  class FileReader final : public storage::Reader {
   public:
    FileReader(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t length)
        : file_(path, std::ios::binary), left_(length == 0 ? UINT64_MAX : length) {
      file_.seekg(static_cast<std::streamoff>(offset));
    }
    std::size_t read(char* buffer, std::size_t size) override {
      file_.read(buffer, static_cast<std::streamsize>(std::min<std::uint64_t>(size, left_)));
      left_ -= static_cast<std::uint64_t>(file_.gcount());
      return static_cast<std::size_t>(file_.gcount());
    }

   private:
    std::ifstream file_;
    std::uint64_t left_;
  };

  std::filesystem::path path(const std::string& key) const { return folder_ / key; }
  std::filesystem::path folder_;
};

}  // namespace reeld::test
