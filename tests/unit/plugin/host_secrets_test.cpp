// reeld.host.secrets/1, through the SDK's own wrapper.
#include "plugin/host_secrets.h"

#include "catch.h"

#include <reeld/cpp/host.hpp>

using namespace reeld;

namespace {

const Secret Site("a secret of the site, 32 bytes and more");

/// The key of an instance for a purpose; "" and the status if it is refused.
std::pair<std::string, reeld_status> keyOf(const std::string& instance, const std::string& purpose,
                                           const Secret& site = Site) {
  plugin::Host host(instance, "/data");
  const plugin::HostSecrets secrets(host, site);
  try {
    return {sdk::Host(host.abi()).key(purpose), REELD_OK};
  } catch (const sdk::Failure& failure) {
    return {"", failure.status()};
  }
}

}  // namespace

TEST_CASE("a key is the same at every start, and another for each instance, purpose and site") {
  const std::string key = keyOf("audit", "records").first;
  CHECK(key.size() == REELD_KEY_SIZE);
  CHECK(keyOf("audit", "records").first == key);
  const std::vector<std::string> others = {
      keyOf("audit", "marks").first, keyOf("other", "records").first,
      keyOf("audit", "records", Secret("another secret, as long as it has to be")).first,
      // No two pairs run together into one text.
      keyOf("audit-records", "x").first, keyOf("audit", "records-x").first};
  for (const std::string& other : others) {
    CHECK(other.size() == REELD_KEY_SIZE);
    CHECK(std::count(others.begin(), others.end(), other) == 1);
    CHECK(other != key);
  }
}

TEST_CASE("a purpose is a word, and without a secret there is no such service") {
  for (const std::string& purpose : {std::string(), std::string("Records"), std::string("a b"),
                                     std::string("a\0b", 3), std::string(65, 'a')}) {
    CAPTURE(purpose);
    CHECK(keyOf("audit", purpose).second == REELD_INVALID);
  }
  CHECK(keyOf("audit", std::string(64, 'a')).second == REELD_OK);
  CHECK(keyOf("audit", "records", Secret()).second == REELD_UNAVAILABLE);
}
