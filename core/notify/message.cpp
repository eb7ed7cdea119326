#include "notify/message.h"

#include "base/error.h"
#include "notify/mime.h"
#include "users/email.h"

namespace reeld::notify {

namespace {

void requireAddress(const std::string& address, const std::string& whose) {
  if (const auto fault = users::emailFault(address); !fault.empty()) {
    throw Error(ErrorCode::Invalid,
                "the address of the mail's " + whose + " " + std::string(fault));
  }
}

std::string part(const std::string& boundary, const std::string& type, const std::string& body) {
  return "--" + boundary + "\r\nContent-Type: " + type +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
         quotedPrintable(body);
}

}  // namespace

std::string compose(const Message& message) {
  requireAddress(message.from.address, "sender");
  requireAddress(message.to, "recipient");
  const std::string from = users::mailAddress(message.from.address);
  const std::string domain = from.substr(from.find('@') + 1);
  // "=_" cannot occur in quoted-printable, so no body can end its part.
  const std::string boundary = "=_" + message.key;
  std::string out = headerField("Date", mailDate(message.date));
  out += addressField("From", message.from.name, from);
  out += addressField("To", "", users::mailAddress(message.to));
  out += addressField("Message-ID", "", message.key + "@" + domain);
  out += headerField("Subject", message.subject);
  out += headerField("MIME-Version", "1.0");
  // RFC 3834: nobody's out-of-office program answers.
  out += headerField("Auto-Submitted", "auto-generated");
  out += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  out += part(boundary, "text/plain", message.text);
  out += part(boundary, "text/html", message.html);
  return out + "--" + boundary + "--\r\n";
}

}  // namespace reeld::notify
