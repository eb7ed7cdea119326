#include "notify/letter.h"

#include <array>
#include <string_view>

namespace reeld::notify {

namespace {

struct Wording {
  MailPurpose purpose;
  std::string_view page;  ///< below the frontend
  std::string_view subject;
  std::string_view before;  ///< the link
  std::string_view action;  ///< what following it does
  std::string_view after;
};

constexpr std::array<Wording, 3> Wordings = {{
    {MailPurpose::Activation, "/pages/auth/activate.html", "Confirm your e-mail address",
     "Somebody, most likely you, has registered with this e-mail address. Please confirm that it "
     "is yours:",
     "Confirm this address",
     "The link works once, within 24 hours. If you have not registered, you need do nothing: "
     "without the link nobody can sign in with this address."},
    {MailPurpose::PasswordReset, "/pages/auth/confirm_password.html", "Choose a new password",
     "Somebody, most likely you, has asked for a new password for this e-mail address. Here you "
     "can choose one:",
     "Choose a new password",
     "The link works once, within an hour. If you have not asked for it, you need do nothing: your "
     "password stays as it is."},
    {MailPurpose::Trial, "", "Mail from this site arrives",
     "An administrator wanted to know whether mail from this site reaches you. It does. There is "
     "nothing to be done.",
     "", ""},
}};

const Wording& wordingOf(MailPurpose purpose) {
  return Wordings.at(static_cast<std::size_t>(purpose));
}

/// Words on lines of at most 72 characters.
std::string wrapped(std::string_view text) {
  constexpr std::size_t Width = 72;
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (used > 0) {
      const bool fits = used + 1 + word.size() <= Width;
      out += fits ? ' ' : '\n';
      used = fits ? used + 1 : 0;
    }
    out.append(word);
    used += word.size();
  }
  return out + "\n";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string paragraph(std::string_view text) { return "<p>" + escaped(text) + "</p>\n"; }

std::string htmlOf(const Wording& wording, const std::string& link) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" +
                    escaped(wording.subject) +
                    "</title></head>\n<body style=\"font-family: sans-serif; line-height: "
                    "1.5\">\n<p>Hello,</p>\n" +
                    paragraph(wording.before);
  if (!link.empty()) {
    const std::string target = escaped(link);
    out += "<p><a href=\"" + target + "\">" + escaped(wording.action) + "</a></p>\n" +
           "<p>Or copy this address into your browser:<br>\n" + target + "</p>\n" +
           paragraph(wording.after);
  }
  return out + "</body>\n</html>\n";
}

}  // namespace

std::string linkOf(MailPurpose purpose, const std::string& frontend_url, users::UserId user,
                   const std::string& token) {
  const Wording& wording = wordingOf(purpose);
  if (wording.page.empty()) {
    return {};
  }
  std::string link = frontend_url;
  while (link.ends_with('/')) {
    link.pop_back();
  }
  return link.append(wording.page)
      .append("?uid=")
      .append(users::mailUid(user))
      .append("&token=")
      .append(token);
}

Letter letterOf(MailPurpose purpose, const std::string& link) {
  const Wording& wording = wordingOf(purpose);
  std::string text = "Hello,\n\n" + wrapped(wording.before);
  if (!link.empty()) {
    text += "\n" + link + "\n\n" + wrapped(wording.after);
  }
  return {std::string(wording.subject), std::move(text), htmlOf(wording, link)};
}

}  // namespace reeld::notify
