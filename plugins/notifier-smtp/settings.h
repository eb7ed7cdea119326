// The configuration of one mail server: read from the JSON the host hands over, checked where the
// schema cannot.
#pragma once
#include <string>
#include <string_view>

namespace notifier_smtp {

enum class Tls { None, StartTls, Implicit };

struct Settings {
  std::string host;
  long port = 0;
  Tls tls = Tls::StartTls;
  std::string user;           ///< "" = no AUTH
  std::string password_file;  ///< read for every mail, so that a password can be changed
  std::string ca_file;        ///< "" = the system's
  std::string hello;          ///< what EHLO says; "" = this machine's name
  long timeout_seconds = 30;
};

/// The schema of the configuration.
inline constexpr const char* Schema = R"({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "host": {"type": "string", "default": "localhost", "minLength": 1, "maxLength": 253,
             "pattern": "^[A-Za-z0-9._:-]+$", "description": "name or address of the mail server"},
    "port": {"type": "integer", "default": 0, "minimum": 0, "maximum": 65535,
             "description": "0 = by tls: 587 for starttls, 465 for implicit, 25 for none"},
    "tls": {"type": "string", "default": "starttls", "enum": ["none", "starttls", "implicit"],
            "description": "starttls never goes on in the clear if the server does not offer it"},
    "user": {"type": "string", "default": "", "maxLength": 320,
             "description": "who signs in; empty = nobody does"},
    "password_file": {"type": "string", "default": "", "maxLength": 4096, "format": "secret-file",
                      "description": "file with the password, mode 0600; or $CREDENTIALS_DIRECTORY/NAME"},
    "ca_file": {"type": "string", "default": "", "maxLength": 4096, "format": "file",
                "description": "PEM file of the authorities to trust; empty = the system's"},
    "hello": {"type": "string", "default": "", "maxLength": 253, "pattern": "^[A-Za-z0-9.-]*$",
              "description": "the name this machine greets with; empty = its host name"},
    "timeout_seconds": {"type": "integer", "default": 30, "minimum": 1, "maximum": 55,
                        "description": "for all of one mail's delivery"}
  }
})";

/// Throws Failure INVALID with the pointer of what is wrong: a user without a password or the
/// reverse, a password file that cannot be used, and a password that would cross a network in the
/// clear.
Settings readSettings(std::string_view config_json);

}  // namespace notifier_smtp
