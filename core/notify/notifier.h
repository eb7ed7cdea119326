// What brings a mail to its reader: filled by a notifier plugin (plugin/adapters/notifier.h).
#pragma once
#include <string>

namespace reeld::notify {

struct Notice {
  std::string key;      ///< the same at every try of one mail
  std::string purpose;  ///< "activation"
  std::string from;     ///< an address
  std::string to;       ///< an address
  std::string subject;
  std::string text;
  std::string html;
  std::string message;  ///< all of it as it travels (RFC 5322)
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual const std::string& name() const = 0;
  /// Returns once the next one on the way has taken responsibility. Any thread; may block for a
  /// minute. Throws Error: INVALID if it can never be delivered, CANCELLED when the daemon stops,
  /// anything else is worth another try.
  virtual void send(const Notice& notice) = 0;
};

}  // namespace reeld::notify
