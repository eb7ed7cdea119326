// Throws wherever it can; the wrapper turns it into statuses.
#include <reeld/plugin.hpp>

class Throws {
 public:
  static constexpr auto id = "org.reeld.test.throws";
  static constexpr auto version = "1.0.0";
  Throws(reeld::sdk::Host, std::string_view) {}
  reeld_status authenticate(reeld::sdk::Call, const reeld::sdk::Credential& credential,
                            reeld::sdk::IdentitySink) {
    if (credential.identifier() == "int") {
      throw 7;
    }
    throw std::runtime_error("ldap down");
  }
};

REELD_PLUGIN(Throws)
