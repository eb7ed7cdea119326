// reeld.notifier/1 for a C++ class that has
//   void send(Call, const Notice&)                throws Failure unless it is handed over
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/notifier.h>

namespace reeld::sdk {

/// What is to be sent: views that are good until send() returns. The fields are in notifier.h.
class Notice {
 public:
  explicit Notice(const reeld_notice* raw) noexcept : raw_(raw) {}
  std::string_view key() const noexcept { return view(raw_->idempotency_key); }
  std::string_view channel() const noexcept { return view(raw_->channel); }
  std::string_view purpose() const noexcept { return view(raw_->purpose); }
  std::string_view from() const noexcept { return view(raw_->from); }
  std::string_view to() const noexcept { return view(raw_->to); }
  std::string_view subject() const noexcept { return view(raw_->subject); }
  std::string_view text() const noexcept { return view(raw_->text); }
  std::string_view html() const noexcept { return view(raw_->html); }
  std::string_view message() const noexcept { return view(raw_->message); }

 private:
  const reeld_notice* raw_;
};

namespace detail {

template <class P>
constexpr bool offersNotifier() {
  return requires { &P::send; };
}

template <class P>
inline constexpr reeld_notifier notifier_table = [] {
  reeld_notifier table{};
  table.struct_size = sizeof table;
  table.send = [](void* self, const reeld_call* call, const reeld_notice* notice,
                  reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->send(Call(call), Notice(notice));
      return REELD_OK;
    });
  };
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
