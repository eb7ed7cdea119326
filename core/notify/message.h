// A mail as it travels (RFC 5322): headers, and the same thing said twice, as text and as HTML
// (multipart/alternative). Pure; the only place where a message is put together.
#pragma once
#include "base/clock.h"

#include <string>

namespace reeld::notify {

struct Mailbox {
  std::string address;
  std::string name = {};  ///< for people; may be empty
  bool operator==(const Mailbox&) const = default;
};

struct Message {
  Mailbox from;
  std::string to;  ///< an address
  std::string subject;
  std::string text;
  std::string html;
  std::string key;  ///< [A-Za-z0-9_-]+; the same at every try, so is the Message-ID made of it
  EpochMs date = 0;
};

/// Domains are written in ASCII (users::mailAddress). Lines end in CR LF and have at most 78
/// characters beside the addresses'. Throws Error INVALID for an address we do not take and for a
/// header value with a control character.
std::string compose(const Message& message);

}  // namespace reeld::notify
