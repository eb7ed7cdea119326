// A plugin's reply on its way to becoming a response: in memory as long as it is small, then in a
// file without a name. Nothing of it is sent before the plugin is done, so what fails half-way is
// still answered as an error; unless the plugin pauses: then it is sent piece by piece.
#pragma once
#include "base/file_descriptor.h"
#include "http/exchange.h"
#include "plugin/host.h"

#include <reeld/kind/routes.h>

#include <functional>
#include <memory>
#include <string>

namespace reeld::plugin::adapters {

class ReplySpool {
 public:
  /// What takes over the state of a reply that is paused.
  using Keep = std::function<std::shared_ptr<http::PieceSource>(void* state)>;

  /// A whole reply, or its beginning. A large one lies in `folder` meanwhile. Without `keep` it
  /// cannot be paused.
  ReplySpool(std::string folder, Keep keep);
  /// A later piece of the reply that was paused with this state.
  explicit ReplySpool(const void* state);
  ReplySpool(const ReplySpool&) = delete;
  ReplySpool& operator=(const ReplySpool&) = delete;

  const reeld_reply_sink* abi() const noexcept { return &sink_; }
  /// Once the plugin returned OK; throws INTERNAL if it did not end its reply.
  http::Response take();
  /// The same for a later piece; whether another follows.
  bool takePiece(std::string& piece);

 private:
  static constexpr std::size_t MostInMemory = 1 << 20;
  enum class Step { None, Begun, Ended, Paused };

  void offer() noexcept;
  void begin(const reeld_message& head);
  void write(std::string_view piece);
  void pause(void* state);
  static reeld_status run(void* ctx, void (*step)(ReplySpool&, const void*), const void* argument);

  const std::string folder_;
  const Keep keep_;
  const void* const state_ = nullptr;  ///< of a later piece
  reeld_reply_sink sink_{};
  Step step_ = Step::None;
  http::Response response_;
  std::string memory_;
  FileDescriptor file_;
  std::uint64_t file_size_ = 0;
  std::shared_ptr<http::PieceSource> rest_;
};

}  // namespace reeld::plugin::adapters
