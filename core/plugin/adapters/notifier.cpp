// One call per notice, with a deadline of its own: a mail server may think for longer than a
// request would wait.
#include "plugin/adapters/notifier.h"

#include "plugin/call.h"

#include <reeld/kind/notifier.h>

namespace reeld::plugin::adapters {
namespace {

constexpr std::chrono::seconds SendDeadline{60};

class NotifierAdapter final : public notify::Notifier {
 public:
  explicit NotifierAdapter(Instance& instance) : instance_(instance) {}

  const std::string& name() const override { return instance_.name(); }

  void send(const notify::Notice& notice) override {
    Call call(instance_, SendDeadline);
    const auto& table = call.table<reeld_notifier>(REELD_NOTIFIER);
    reeld_notice raw{};
    raw.struct_size = sizeof raw;
    raw.idempotency_key = abi(notice.key);
    raw.channel = abi("mail");
    raw.purpose = abi(notice.purpose);
    raw.from = abi(notice.from);
    raw.to = abi(notice.to);
    raw.subject = abi(notice.subject);
    raw.text = abi(notice.text);
    raw.html = abi(notice.html);
    raw.message = abiBytes(notice.message);
    call.require(table.send(call.self(), call.context(), &raw, call.error()));
  }

 private:
  Instance& instance_;
};

}  // namespace

std::unique_ptr<notify::Notifier> notifier(Instance& instance) {
  return std::make_unique<NotifierAdapter>(instance);
}

}  // namespace reeld::plugin::adapters
