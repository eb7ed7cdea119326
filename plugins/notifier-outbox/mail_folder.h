// The folder the mails lie in: private to its owner, because links in mails let their readers in. A
// file appears under its name whole and durable, or not at all.
#pragma once
#include <string>
#include <string_view>

namespace notifier_outbox {

class MailFolder {
 public:
  /// Makes the folder (0700) and what is missing above it. Throws Failure.
  explicit MailFolder(std::string path);

  /// Written under another name, made durable, renamed: over an earlier one of the same name, so
  /// that a mail that comes twice lies there once. The folder may have been removed meanwhile. Any
  /// thread, but one at a time per name. Throws Failure.
  void write(const std::string& name, std::string_view content) const;
  /// Throws Failure UNAVAILABLE if nothing can be written.
  void requireWritable() const;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace notifier_outbox
