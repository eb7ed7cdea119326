// An identity provider over a list in its configuration, for a handful of people whom another
// system does not know (a screening room, a trade fair):
//
//   plugins:
//     staff:
//       use: auth-static
//       config:
//         people:
//           - {email: ann@example.org, name: Ann, password: long-and-random}
//   auth_providers: [staff, password]
//
// Who is on the list is answered here, yes or no; anybody else is left to the next provider. It
// keeps no records, so the host asks it with the password itself. Not for many people or for
// passwords that are used elsewhere: they stand in the configuration as they are. Its configuration
// is read with RapidJSON (Debian: rapidjson-dev).
#include <rapidjson/document.h>
#include <reeld/plugin.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace reeld::sdk;

namespace {

struct Person {
  std::string email, name, password;
};
using People = std::vector<Person>;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

/// Takes as long for a near miss as for a far one.
bool same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size() && !b.empty(); ++i) {
    difference |= static_cast<unsigned>(a[i] ^ b[i % b.size()]);
  }
  return difference == 0;
}

/// The configuration has passed the schema below, so every member is there and is text.
std::shared_ptr<const People> read(std::string_view config) {
  rapidjson::Document json;
  json.Parse(config.data(), config.size());
  auto people = std::make_shared<People>();
  for (const auto& entry : json["people"].GetArray()) {
    const Person person{lower(entry["email"].GetString()), entry["name"].GetString(),
                        entry["password"].GetString()};
    for (const auto& other : *people) {
      if (other.email == person.email) {
        throw Failure(REELD_INVALID, "the address " + person.email + " is there twice")
            .at("/people");
      }
    }
    people->push_back(person);
  }
  return people;
}

class AuthStatic {
 public:
  static constexpr auto id = "org.reeld.example.auth-static";
  static constexpr auto version = "1.0.0";
  static constexpr auto name = "People of a list";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto config_schema = R"({
    "type": "object", "additionalProperties": false, "required": ["people"],
    "properties": {"people": {"type": "array", "maxItems": 1000, "items": {
      "type": "object", "additionalProperties": false, "required": ["email", "password"],
      "properties": {
        "email": {"type": "string", "pattern": "^[^@ ]+@[^@ ]+$"},
        "name": {"type": "string", "default": ""},
        "password": {"type": "string", "minLength": 8, "writeOnly": true}
      }
    }}}
  })";

  AuthStatic(Host, std::string_view config) : people_(read(config)) {}

  void reconfigure(std::string_view config) {
    auto people = read(config);  // throws before anything has changed
    const std::lock_guard lock(mutex_);
    people_ = std::move(people);
  }

  reeld_status authenticate(Call, const Credential& credential, IdentitySink sink) {
    if (credential.scheme() != "password") {
      return REELD_DEFER;
    }
    const auto people = current();
    const std::string email = lower(credential.identifier());
    for (const Person& person : *people) {
      if (person.email == email) {
        if (!same(credential.secret(), person.password)) {
          return REELD_DENIED;
        }
        // The administrator wrote the address himself, so it counts as verified.
        sink.identity(person.email, person.name, person.email, true);
        return REELD_OK;
      }
    }
    return REELD_DEFER;
  }

 private:
  /// A reload replaces the list while requests read the old one.
  std::shared_ptr<const People> current() {
    const std::lock_guard lock(mutex_);
    return people_;
  }

  std::mutex mutex_;
  std::shared_ptr<const People> people_;
};

}  // namespace

REELD_PLUGIN(AuthStatic)
