// A plugin's reply on its way to becoming a response: in memory as long as it is small, then in a
// file without a name. Nothing of it is sent before the plugin is done, so what fails half-way is
// still answered as an error.
#pragma once
#include "base/file_descriptor.h"
#include "http/exchange.h"
#include "plugin/host.h"

#include <reeld/kind/routes.h>

#include <string>

namespace reeld::plugin::adapters {

class ReplySpool {
 public:
  /// Large replies lie in `folder` meanwhile.
  explicit ReplySpool(std::string folder);
  ReplySpool(const ReplySpool&) = delete;
  ReplySpool& operator=(const ReplySpool&) = delete;

  const reeld_reply_sink* abi() const noexcept { return &sink_; }
  /// Once the plugin returned OK; throws INTERNAL if it did not end its reply.
  http::Response take();

 private:
  static constexpr std::size_t MostInMemory = 1 << 20;
  enum class Step { None, Begun, Ended };

  void begin(const reeld_message& head);
  void write(std::string_view piece);
  void spill();
  static reeld_status run(void* ctx, void (*step)(ReplySpool&, const void*), const void* argument);

  const std::string folder_;
  reeld_reply_sink sink_{};
  Step step_ = Step::None;
  http::Response response_;
  std::string memory_;
  FileDescriptor file_;
  std::uint64_t file_size_ = 0;
};

}  // namespace reeld::plugin::adapters
