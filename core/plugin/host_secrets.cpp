// A key is HMAC-SHA256 of "plugin", the instance and the purpose, each after a zero byte, so that
// no two pairs meet and none meets the keys of tokens and grants.
#include "plugin/host_secrets.h"

#include "base/sha256.h"

namespace reeld::plugin {

namespace {

constexpr std::size_t LongestPurpose = 64;
static_assert(std::tuple_size_v<Digest> == REELD_KEY_SIZE);

bool isPurpose(std::string_view text) noexcept {
  return !text.empty() && text.size() <= LongestPurpose &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

}  // namespace

HostSecrets::HostSecrets(Host& host, const Secret& site) : instance_(host.instance()), site_(site) {
  table_.struct_size = sizeof table_;
  table_.key = &HostSecrets::key;
  host.join(Service::Secrets, REELD_HOST_SECRETS, &table_, this, [this] { return !site_.empty(); });
}

reeld_status HostSecrets::key(const reeld_host* host, reeld_str purpose, const reeld_sink* sink,
                              reeld_error* error) {
  const auto& self = Host::of<HostSecrets>(host, Service::Secrets);
  return guarded(error, [&] {
    const std::string_view word = view(purpose);
    if (!isPurpose(word)) {
      throw Error(ErrorCode::Invalid, "a purpose is a word of a-z, 0-9 and -");
    }
    std::string label("plugin");
    for (const std::string_view part : {std::string_view(self.instance_), word}) {
      label.append(1, '\0').append(part);
    }
    const Digest digest = HmacKey(self.site_.reveal()).mac(label);
    sink->value(sink->ctx, {digest.data(), digest.size()}, 0);
  });
}

}  // namespace reeld::plugin
