// What the tests of app/ share: a folder of their own, a clock that is moved by hand, a log in
// memory.
#pragma once
#include "base/clock.h"
#include "base/log.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace reeld::app {

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "reeld-app-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
  }

 private:
  std::string path_;
};

class HandClock final : public Clock {
 public:
  EpochMs now() const override { return 1'700'000'000'000 + ms; }
  std::int64_t monotonicMs() const override { return 1'000'000 + ms; }
  std::int64_t ms = 0;
};

/// A log whose lines can be read back.
class MemoryLog {
 public:
  MemoryLog()
      : fd_(::memfd_create("log", MFD_CLOEXEC)), log(LogLevel::Debug, LogFormat::Journal, fd_) {}
  ~MemoryLog() { ::close(fd_); }
  MemoryLog(const MemoryLog&) = delete;
  MemoryLog& operator=(const MemoryLog&) = delete;
  std::string text() const {
    std::string content(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
    const auto got = ::pread(fd_, content.data(), content.size(), 0);
    content.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return content;
  }

 private:
  int fd_;

 public:
  const Log log;
};

/// An environment variable for the length of a test.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_.c_str()); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
};

}  // namespace reeld::app
