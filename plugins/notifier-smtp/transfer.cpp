#include "transfer.h"

#include "password_file.h"

#include <curl/curl.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

using reeld::sdk::Call;
using reeld::sdk::Failure;

namespace notifier_smtp {

namespace {

/// What is kept for cleaning up and for the way back before the host's deadline.
constexpr int64_t MarginMs = 500;

/// The last command that was sent and the last line that came back: says what a failure means.
struct Dialogue {
  std::string command;  ///< "RCPT"
  std::string reply;    ///< "550 5.1.1 no such mailbox", printable ASCII
  bool over = false;
  bool offers_utf8 = false;  ///< SMTPUTF8, in the answer to the last EHLO

  /// Of what is sent only the known commands are looked at: an answer to AUTH is the password.
  void sent(std::string_view line) {
    const std::string_view word = line.substr(0, line.find_first_of(" \r\n"));
    for (const std::string_view known :
         {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"}) {
      if (word == known && !over) {
        command = known;
        reply.clear();
        offers_utf8 = offers_utf8 && known != "EHLO" && known != "STARTTLS";
      }
    }
    over = over || word == "QUIT";
  }
  void received(std::string_view line) {
    constexpr size_t Longest = 200;
    if (over) {
      return;
    }
    offers_utf8 = offers_utf8 || (command == "EHLO" && isExtension(line, "SMTPUTF8"));
    reply.clear();
    for (const char c : line.substr(0, std::min(line.find_first_of("\r\n"), Longest))) {
      reply += c >= ' ' && c <= '~' ? c : '?';
    }
  }
  /// "250-SMTPUTF8" or "250 smtputf8" (RFC 5321, section 4.1.1.1).
  static bool isExtension(std::string_view line, std::string_view keyword) {
    line = line.substr(0, line.find_first_of("\r\n"));
    return line.starts_with("250") && line.size() == keyword.size() + 4 &&
           std::equal(keyword.begin(), keyword.end(), line.begin() + 4,
                      [](char wanted, char c) { return c == wanted || c == (wanted | 0x20); });
  }
  /// The end of a sentence about a failure.
  std::string inBrackets() const {
    if (reply.empty()) {
      return command.empty() ? "" : " (no answer to " + command + ")";
    }
    return " (" + reply + ")";
  }
  bool isPermanent() const { return reply.starts_with('5'); }
  /// The server has nothing against the mail, but against us: 530, 535, 538 and 5.7.x (RFC 3463).
  bool isAboutUs() const {
    return reply.starts_with("53") || reply.find(" 5.7.") != std::string::npos;
  }
};

int listenIn(CURL*, curl_infotype type, char* data, size_t size, void* dialogue) {
  if (type == CURLINFO_HEADER_OUT) {
    static_cast<Dialogue*>(dialogue)->sent({data, size});
  } else if (type == CURLINFO_HEADER_IN) {
    static_cast<Dialogue*>(dialogue)->received({data, size});
  }
  return 0;
}

size_t readOn(char* buffer, size_t size, size_t count, void* left) {
  auto& rest = *static_cast<std::string_view*>(left);
  const size_t taken = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

int stopIfCancelled(void* call, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Call*>(call)->cancelled() ? 1 : 0;
}

bool isAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

/// For addresses that a server without SMTPUTF8 cannot be told: libcurl would send their bytes as
/// they are.
struct Letters {
  const Dialogue& said;
  bool needed;
  bool stopped = false;
};

/// Between the greetings and the first command about the mail.
int stopWithoutUtf8(void* data, char*, char*, int, int) {
  auto& letters = *static_cast<Letters*>(data);
  letters.stopped = letters.needed && !letters.said.offers_utf8;
  return letters.stopped ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

int64_t nowMs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

long patienceMs(const Settings& settings, const Call& call) {
  int64_t patience = int64_t{settings.timeout_seconds} * 1000;
  if (call.deadlineMs() != 0) {
    patience = std::min(patience, call.deadlineMs() - nowMs() - MarginMs);
  }
  if (patience <= 0) {
    throw Failure(REELD_TIMEOUT, "no time is left to send a mail");
  }
  return static_cast<long>(patience);
}

/// In an envelope an address stands between angle brackets on a line of the dialogue.
void requireAddress(std::string_view address, const char* whose) {
  const bool good = !address.empty() && address.size() <= 320 &&
                    std::none_of(address.begin(), address.end(), [](unsigned char c) {
                      return c <= ' ' || c == 0x7f || c == '<' || c == '>';
                    });
  if (!good) {
    throw Failure(REELD_INVALID, std::string("the ") + whose + " is no address");
  }
}

std::string urlOf(const Settings& settings) {
  const bool v6 = settings.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + settings.host + "]" : settings.host;
  return (settings.tls == Tls::Implicit ? "smtps://" : "smtp://") + host + ":" +
         std::to_string(settings.port) + "/" + settings.hello;
}

std::string serverOf(const Settings& settings) {
  return settings.host + ":" + std::to_string(settings.port);
}

Failure failureOf(CURLcode code, const Dialogue& said, const Settings& settings,
                  const char* detail) {
  const std::string server = serverOf(settings);
  const std::string reply = said.inBrackets();
  const bool has_detail = detail[0] != '\0';
  const std::string why = has_detail ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_OUT_OF_MEMORY:
      return {REELD_EXHAUSTED, "out of memory"};
    case CURLE_ABORTED_BY_CALLBACK:
      return {REELD_CANCELLED, "the delivery was broken off"};
    case CURLE_OPERATION_TIMEDOUT:
      return {REELD_TIMEOUT, server + " takes too long" + reply};
    case CURLE_LOGIN_DENIED:
      return {REELD_DENIED, server + " does not let \"" + settings.user + "\" sign in" + reply};
    case CURLE_USE_SSL_FAILED:
      return {REELD_UNAVAILABLE, server + " does not offer STARTTLS" + reply};
    default:
      break;
  }
  const bool about_the_mail = said.command == "RCPT" || said.command == "DATA";
  if (said.isPermanent() && said.isAboutUs()) {
    return {REELD_DENIED, server + " does not let us send: " + said.reply};
  }
  if (said.isPermanent() && about_the_mail) {
    return {REELD_INVALID, server + " refuses the mail: " + said.reply};
  }
  return {REELD_UNAVAILABLE, server + ": " + why + reply};
}

/// A file that was good at the start and is not now is the administrator's to mend, not the mail's
/// fault.
std::string passwordNow(const Settings& settings) {
  try {
    return readPasswordFile(settings.password_file);
  } catch (const Failure& failure) {
    throw Failure(REELD_UNAVAILABLE, std::string("password_file: ") + failure.what());
  }
}

/// A transfer and what it borrows.
class Transfer {
 public:
  Transfer() : curl_(curl_easy_init()) {
    if (!curl_) {
      throw std::bad_alloc();
    }
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl_.get(), option, value); code != CURLE_OK) {
      throw Failure(REELD_INTERNAL, std::string("libcurl: ") + curl_easy_strerror(code));
    }
  }
  void setRecipient(const std::string& address) {
    recipients_.reset(curl_slist_append(nullptr, address.c_str()));
    if (!recipients_) {
      throw std::bad_alloc();
    }
    set(CURLOPT_MAIL_RCPT, recipients_.get());
  }
  CURLcode run() { return curl_easy_perform(curl_.get()); }

 private:
  struct Free {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> recipients_;  // outlives the handle that reads it
  std::unique_ptr<CURL, Free> curl_;
};

void setConnection(Transfer& transfer, const Settings& settings) {
  transfer.set(CURLOPT_URL, urlOf(settings).c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  transfer.set(CURLOPT_PROXY, "");  // whatever the environment says
  transfer.set(CURLOPT_NOSIGNAL, 1L);
  transfer.set(CURLOPT_USE_SSL, settings.tls == Tls::StartTls ? static_cast<long>(CURLUSESSL_ALL)
                                                              : static_cast<long>(CURLUSESSL_NONE));
  transfer.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  transfer.set(CURLOPT_SSL_VERIFYPEER, 1L);
  transfer.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) {
    transfer.set(CURLOPT_CAINFO, settings.ca_file.c_str());
    transfer.set(CURLOPT_CAPATH, nullptr);
  }
  if (!settings.user.empty()) {
    transfer.set(CURLOPT_USERNAME, settings.user.c_str());
    transfer.set(CURLOPT_PASSWORD, passwordNow(settings).c_str());
    transfer.set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
  }
}

}  // namespace

void deliver(const Settings& settings, const Envelope& envelope, const Call& call) {
  requireAddress(envelope.from, "sender");
  requireAddress(envelope.to, "recipient");
  std::array<char, CURL_ERROR_SIZE> detail{};
  Dialogue said;
  Letters letters{.said = said, .needed = !isAscii(envelope.from) || !isAscii(envelope.to)};
  std::string_view left = envelope.message;
  Transfer transfer;
  setConnection(transfer, settings);
  transfer.set(CURLOPT_TIMEOUT_MS, patienceMs(settings, call));
  transfer.set(CURLOPT_ERRORBUFFER, detail.data());
  transfer.set(CURLOPT_VERBOSE, 1L);  // for listenIn() alone: nothing is printed
  transfer.set(CURLOPT_DEBUGFUNCTION, &listenIn);
  transfer.set(CURLOPT_DEBUGDATA, &said);
  transfer.set(CURLOPT_PREREQFUNCTION, &stopWithoutUtf8);
  transfer.set(CURLOPT_PREREQDATA, &letters);
  transfer.set(CURLOPT_NOPROGRESS, 0L);
  transfer.set(CURLOPT_XFERINFOFUNCTION, &stopIfCancelled);
  transfer.set(CURLOPT_XFERINFODATA, &call);
  transfer.set(CURLOPT_MAIL_FROM, std::string(envelope.from).c_str());
  transfer.setRecipient(std::string(envelope.to));
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.set(CURLOPT_READFUNCTION, &readOn);
  transfer.set(CURLOPT_READDATA, &left);
  transfer.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(envelope.message.size()));
  if (const CURLcode code = transfer.run(); code != CURLE_OK) {
    if (letters.stopped) {
      throw Failure(REELD_INVALID, serverOf(settings) +
                                       " does not offer SMTPUTF8, which an address "
                                       "needs that has letters beyond ASCII "
                                       "before its @");
    }
    throw failureOf(code, said, settings, detail.data());
  }
}

}  // namespace notifier_smtp
