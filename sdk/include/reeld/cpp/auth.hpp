// reeld.auth/1 for a C++ class that has any of
//   reeld_status authenticate(Call, const Credential&, IdentitySink)
//   reeld_status begin(Call, std::string_view return_url, RedirectSink)
//   std::string enroll(Call, std::string_view secret)
//   Verification verify(Call, std::string_view record, std::string_view secret)
// and, optionally, `static constexpr bool cpu_bound = true`.
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/auth.h>

#include <optional>

namespace reeld::sdk {

struct Verification {
  reeld_status status = REELD_DENIED;     ///< REELD_OK, REELD_DENIED or REELD_DEFER
  std::optional<std::string> new_record;  ///< with OK: the same secret under today's parameters
};

class Credential {
 public:
  explicit Credential(const reeld_credential* raw) noexcept : raw_(raw) {}
  std::string_view scheme() const noexcept { return view(raw_->scheme); }
  std::string_view identifier() const noexcept { return view(raw_->identifier); }
  std::string_view peer() const noexcept { return view(raw_->peer); }
  std::string_view secret() const noexcept { return view(raw_->secret); }
  reeld_list params() const noexcept { return raw_->params; }

 private:
  const reeld_credential* raw_;
};

/// Where authenticate() says who it is, once, before it returns REELD_OK.
class IdentitySink {
 public:
  explicit IdentitySink(const reeld_auth_sink* raw) noexcept : raw_(raw) {}
  void identity(std::string_view subject, std::string_view name, std::string_view email,
                bool email_verified) const {
    reeld_identity out{};
    out.struct_size = sizeof out;
    out.flags = email_verified ? static_cast<uint32_t>(REELD_IDENTITY_EMAIL_VERIFIED) : 0;
    out.subject = abi(subject);
    out.name = abi(name);
    out.email = abi(email);
    identity(out);
  }
  void identity(const reeld_identity& identity) const { raw_->identity(raw_->ctx, &identity); }

 private:
  const reeld_auth_sink* raw_;
};

class RedirectSink {
 public:
  explicit RedirectSink(const reeld_auth_sink* raw) noexcept : raw_(raw) {}
  void redirect(std::string_view url, std::string_view state) const {
    raw_->redirect(raw_->ctx, abi(url), abiBytes(state));
  }

 private:
  const reeld_auth_sink* raw_;
};

namespace detail {

template <class P>
constexpr bool offersAuth() {
  return requires { &P::authenticate; }
  || requires { &P::enroll; }
  || requires { &P::verify; };
}

template <class P>
reeld_status authAuthenticate(void* self, const reeld_call* call,
                              const reeld_credential* credential, const reeld_auth_sink* sink,
                              reeld_error* error) noexcept {
  return contain(error, [&]() -> reeld_status {
    return static_cast<P*>(self)->authenticate(Call(call), Credential(credential),
                                               IdentitySink(sink));
  });
}
template <class P>
reeld_status authBegin(void* self, const reeld_call* call, reeld_str return_url,
                       const reeld_auth_sink* sink, reeld_error* error) noexcept {
  return contain(error, [&]() -> reeld_status {
    return static_cast<P*>(self)->begin(Call(call), view(return_url), RedirectSink(sink));
  });
}
template <class P>
reeld_status authEnroll(void* self, const reeld_call* call, reeld_bytes secret,
                        const reeld_sink* record, reeld_error* error) noexcept {
  return contain(error, [&]() -> reeld_status {
    const std::string made = static_cast<P*>(self)->enroll(Call(call), view(secret));
    record->value(record->ctx, abiBytes(made), 0);
    return REELD_OK;
  });
}
template <class P>
reeld_status authVerify(void* self, const reeld_call* call, reeld_str record, reeld_bytes secret,
                        const reeld_sink* new_record, reeld_error* error) noexcept {
  return contain(error, [&]() -> reeld_status {
    const Verification made = static_cast<P*>(self)->verify(Call(call), view(record), view(secret));
    if (made.status == REELD_OK && made.new_record && new_record != nullptr) {
      new_record->value(new_record->ctx, abiBytes(*made.new_record), 0);
    }
    return made.status;
  });
}

template <class P>
inline constexpr reeld_auth auth_table = [] {
  constexpr bool enrolls = requires { &P::enroll; };
  constexpr bool verifies = requires { &P::verify; };
  static_assert(enrolls == verifies, "enroll() and verify() come together");
  reeld_auth table{};
  table.struct_size = sizeof table;
  if constexpr (requires { P::cpu_bound; }) {
    if (P::cpu_bound)
      table.flags |= REELD_AUTH_CPU_BOUND;
  }
  if constexpr (requires { &P::authenticate; })
    table.authenticate = &authAuthenticate<P>;
  if constexpr (requires { &P::begin; })
    table.begin = &authBegin<P>;
  if constexpr (enrolls) {
    table.enroll = &authEnroll<P>;
    table.verify = &authVerify<P>;
  }
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
