// Verdicts come from statuses; whatever is neither yes, no nor "not mine" is thrown: fail closed.
#include "plugin/adapters/auth.h"

#include "plugin/call.h"
#include "plugin/refusal.h"

#include <reeld/kind/auth.h>

namespace reeld::plugin::adapters {
namespace {

constexpr std::size_t MaxRecord = 1024;

void keepText(void* ctx, reeld_bytes bytes, std::uint64_t) {
  static_cast<std::optional<std::string>*>(ctx)->emplace(view(bytes));
}

users::Verdict passwordVerdict(ErrorCode code, const Call& call) {
  switch (code) {
    case ErrorCode::Ok:
      return users::Verdict::Ok;
    case ErrorCode::Denied:
    case ErrorCode::Unauthenticated:
    case ErrorCode::NotFound:
      return users::Verdict::Denied;
    case ErrorCode::Defer:
      return users::Verdict::Defer;
    default:
      throw call.failure();
  }
}

class AuthAdapter final : public users::IdentityProvider {
 public:
  explicit AuthAdapter(Instance& instance) : instance_(instance) {
    if (const auto* table = static_cast<const reeld_auth*>(instance.table(REELD_AUTH))) {
      cpu_bound_ = (table->flags & REELD_AUTH_CPU_BOUND) != 0;
      keeps_records_ = REELD_HAS(table, enroll);
    }
  }

  const std::string& name() const override { return instance_.name(); }
  bool cpuBound() const override { return cpu_bound_; }
  bool keepsRecords() const override { return keeps_records_; }
  std::string missing() const override {
    return instance_.state() == State::Failed ? onOneLine(instance_.reason()) : std::string();
  }

  std::string enroll(std::string_view secret) override {
    Call call(instance_);
    const auto& table = call.table<reeld_auth>(REELD_AUTH);
    if (!REELD_HAS(&table, enroll)) {
      throw keepsNone(call);
    }
    std::optional<std::string> record;
    const reeld_sink sink{&record, &keepText};
    call.require(table.enroll(call.self(), call.context(), abiBytes(secret), &sink, call.error()));
    if (!record || record->empty() || record->size() > MaxRecord) {
      call.answered(REELD_INTERNAL);
      throw Error(ErrorCode::Internal,
                  "plugin \"" + name() + "\": enroll() gave no record of 1 to 1024 bytes");
    }
    return *record;
  }

  users::RecordVerdict verify(const std::string& record, std::string_view secret) override {
    Call call(instance_);
    const auto& table = call.table<reeld_auth>(REELD_AUTH);
    if (!REELD_HAS(&table, verify)) {
      throw keepsNone(call);
    }
    std::optional<std::string> renewed;
    const reeld_sink sink{&renewed, &keepText};
    const ErrorCode code = call.answered(table.verify(call.self(), call.context(), abi(record),
                                                      abiBytes(secret), &sink, call.error()));
    users::RecordVerdict out{passwordVerdict(code, call), {}};
    if (out.verdict == users::Verdict::Ok && renewed && renewed->size() <= MaxRecord) {
      out.new_record = std::move(renewed);
    }
    return out;
  }

  Answer authenticate(std::string_view scheme, std::string_view identifier, std::string_view secret,
                      std::string_view peer) override {
    Call call(instance_);
    const auto& table = call.table<reeld_auth>(REELD_AUTH);
    if (!REELD_HAS(&table, authenticate)) {
      call.answered(REELD_DEFER);
      return {};
    }
    reeld_credential credential{};
    credential.struct_size = sizeof credential;
    credential.scheme = abi(scheme);
    credential.identifier = abi(identifier);
    credential.secret = abiBytes(secret);
    credential.peer = abi(peer);
    std::optional<users::Identity> identity;
    const reeld_auth_sink sink{&identity, &keepIdentity, &ignoreRedirect};
    const ErrorCode code = call.answered(
        table.authenticate(call.self(), call.context(), &credential, &sink, call.error()));
    Answer out{passwordVerdict(code, call), {}};
    if (out.verdict == users::Verdict::Ok) {
      // Fail closed: OK without saying who is a fault of the plugin.
      if (!identity || identity->subject.empty()) {
        call.answered(REELD_INTERNAL);
        throw Error(ErrorCode::Internal,
                    "plugin \"" + name() + "\": authenticate() says OK, but not who it is");
      }
      out.identity = std::move(*identity);
    }
    return out;
  }

 private:
  static void keepIdentity(void* ctx, const reeld_identity* raw) {
    const bool verified = (raw->flags & REELD_IDENTITY_EMAIL_VERIFIED) != 0;
    static_cast<std::optional<users::Identity>*>(ctx)->emplace(
        users::Identity{std::string(view(raw->subject)), std::string(view(raw->name)),
                        std::string(view(raw->email)), verified});
  }
  static void ignoreRedirect(void*, reeld_str, reeld_bytes) {}

  Error keepsNone(Call& call) const {
    call.answered(REELD_UNSUPPORTED);
    return {ErrorCode::Unsupported, "plugin \"" + name() + "\" keeps no records of passwords"};
  }

  Instance& instance_;
  bool cpu_bound_ = false;
  bool keeps_records_ = false;
};

}  // namespace

std::unique_ptr<users::IdentityProvider> identityProvider(Instance& instance) {
  return std::make_unique<AuthAdapter>(instance);
}

}  // namespace reeld::plugin::adapters
