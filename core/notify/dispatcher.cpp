#include "notify/dispatcher.h"

#include "base/crypto.h"
#include "notify/letter.h"
#include "users/email.h"

#include <algorithm>
#include <array>

namespace reeld::notify {

namespace {

constexpr std::int64_t Forever = 86'400'000;
constexpr std::int64_t PruneAtOnce = 500;
constexpr std::size_t LongestError = 500;

double randomJitter() {
  std::array<std::uint8_t, 2> bytes{};
  randomBytes(bytes);
  return (bytes[0] * 256 + bytes[1]) / 32767.5 - 1;
}

/// The same at every try, and without a connection to the link for who reads it.
std::string keyOf(const Mail& mail) {
  constexpr std::size_t Bytes = 16;
  const Digest digest = sha256("reeld mail/" + std::to_string(mail.id) + "/" +
                               std::to_string(mail.created_at) + "/" + mail.token_id);
  return std::to_string(mail.id) + "-" +
         toBase64Url({reinterpret_cast<const char*>(digest.data()), Bytes});
}

/// What others said, fit to be stored: servers answer in any encoding.
std::string storable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, LongestError)) {
    out += c >= ' ' && c <= '~' ? c : '?';
  }
  return out;
}

}  // namespace

Dispatcher::Dispatcher(DispatcherOptions options, Notifier& notifier,
                       const users::MailTokens& tokens, db::Database& database, const Clock& clock,
                       const Log& log, Metrics& metrics)
    : options_(std::move(options)),
      notifier_(notifier),
      tokens_(tokens),
      database_(database),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      waiting_(metrics.gauge("reeld_notify_waiting_mails",
                             "mails that are not sent yet, as of some seconds ago")),
      seconds_(metrics.histogram("reeld_notify_send_seconds", "from claim to answer of a mail", {},
                                 {0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60})) {
  if (const auto fault = users::emailFault(options_.from.address); !fault.empty()) {
    throw Error(ErrorCode::Invalid, "mail.from " + std::string(fault));
  }
  for (const char* outcome : {"sent", "deferred", "discarded", "withdrawn"}) {
    metrics_.counter("reeld_notify_sends_total", "tries to send a mail, by what came of them",
                     {{"outcome", outcome}});
  }
}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
  const auto orphans = database_.transact(
      [&](db::Session& session) { return reapOrphanedMails(session, options_.node); });
  if (orphans > 0) {
    log_.warning("mails were being sent when this daemon died; they are sent again",
                 {{"mails", orphans}});
  }
  database_.listen(db::News::Mail, [this] { wake(); });
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { work(); });
  }
  threads_.emplace_back([this] { watch(); });
}

void Dispatcher::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void Dispatcher::finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  changed_.wait_for(lock, patience, [this] { return sending_ == 0; });
}

void Dispatcher::stop() {
  if (threads_.empty()) {
    return;
  }
  database_.listen(db::News::Mail, {});
  finish(std::chrono::milliseconds(0));
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

bool Dispatcher::isStopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

std::uint64_t Dispatcher::wakes() const {
  const std::lock_guard lock(mutex_);
  return wakes_;
}

std::uint64_t Dispatcher::deferrals() const {
  const std::lock_guard lock(mutex_);
  return deferrals_;
}

/// Until there is news or the time is over; false once the end has come.
bool Dispatcher::waitFor(std::int64_t ms, const std::function<bool()>& is_news) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(ms), [&] { return stopping_ || is_news(); });
  return !stopping_;
}

void Dispatcher::work() {
  std::uint64_t seen = 0;
  do {
    // Before the look: a mail that is enqueued after it wakes this thread again.
    seen = wakes();
    try {
      // Looking does not take the one writer of SQLite; claiming does.
      while (!isStopping() && database_.read(nextMailDueIn) == 0 && sendOne()) {
      }
    } catch (const std::exception& error) {
      // The watching thread wakes the others when the database is back.
      log_.error("cannot claim a mail", {{"error", error.what()}});
    }
  } while (waitFor(Forever, [&] { return wakes_ != seen; }));
}

void Dispatcher::watch() {
  using std::chrono::steady_clock;
  const std::chrono::milliseconds poll(options_.poll_ms);
  auto house_at = steady_clock::now();
  std::uint64_t seen = 0;
  std::int64_t rest = 0;
  do {
    seen = deferrals();
    rest = options_.poll_ms;
    try {
      if (steady_clock::now() >= house_at) {
        keepHouse();
        house_at = steady_clock::now() + poll;
      }
      const auto due = database_.read(nextMailDueIn);
      if (due == 0) {
        wake();
      }
      // What is due now may be under way in this moment: no hurry, no busy loop.
      constexpr std::int64_t Shortest = 250;
      rest = std::min(std::max(due.value_or(rest), Shortest), options_.poll_ms);
    } catch (const std::exception& error) {
      log_.error("cannot look after the mails", {{"error", error.what()}});
    }
  } while (waitFor(rest, [&] { return deferrals_ != seen; }));
}

void Dispatcher::keepHouse() {
  database_.transact([&](db::Session& session) {
    reapMails(session);
    pruneMails(session, options_.keep_ms, PruneAtOnce);
  });
  waiting_.set(static_cast<double>(database_.read(countPendingMails)));
}

std::optional<Dispatcher::Claim> Dispatcher::claim() {
  return database_.transact([&](db::Session& session) -> std::optional<Claim> {
    auto mail = claimMail(session, options_.node, options_.lease_ms);
    if (!mail) {
      return std::nullopt;
    }
    auto recipient = findRecipient(session, *mail);
    if (recipient && !mail->token_id.empty()) {
      const std::string hash =
          users::MailTokens::hash(tokens_.derive(mail->purpose, mail->user_id, mail->token_id));
      if (hash != recipient->token_hash) {
        replaceTokenHash(session, mail->token_id, hash);
      }
    }
    return Claim{std::move(*mail), std::move(recipient), session.now()};
  });
}

bool Dispatcher::sendOne() {
  const auto claimed = claim();
  if (!claimed) {
    return false;
  }
  const Mail& mail = claimed->mail;
  {
    const std::lock_guard lock(mutex_);
    ++sending_;
  }
  const std::int64_t began = clock_.monotonicMs();
  try {
    if (!claimed->recipient) {
      throw Error(ErrorCode::Invalid, "nobody waits for it: its user is gone or its link is spent")
          .reason("withdrawn");
    }
    notifier_.send(noticeOf(*claimed));
    writeDown(mail);
  } catch (const Error& error) {
    settle(mail, error);
  } catch (const std::exception& error) {
    settle(mail, Error(ErrorCode::Internal, error.what()));
  }
  seconds_.observe(static_cast<double>(clock_.monotonicMs() - began) / 1000);
  {
    const std::lock_guard lock(mutex_);
    --sending_;
  }
  changed_.notify_all();
  return true;
}

/// It is out, so the database may take its time: as long as the lease lasts nobody sends it again.
void Dispatcher::writeDown(const Mail& mail) {
  const std::int64_t until = clock_.monotonicMs() + options_.lease_ms;
  for (;;) {
    try {
      const bool held =
          database_.transact([&](db::Session& session) { return finishMail(session, mail); });
      report(mail, held ? "sent" : "fenced");
      return;
    } catch (const std::exception& error) {
      log_.error("a mail was sent and cannot be written down as sent",
                 {{"mail", mail.id}, {"error", error.what()}});
    }
    constexpr std::int64_t Pause = 1000;
    if (!waitFor(Pause, [] { return false; }) || clock_.monotonicMs() > until) {
      return;
    }
  }
}

Notice Dispatcher::noticeOf(const Claim& claim) {
  const Mail& mail = claim.mail;
  const std::string token =
      mail.token_id.empty() ? "" : tokens_.derive(mail.purpose, mail.user_id, mail.token_id);
  const Letter letter =
      letterOf(mail.purpose, linkOf(mail.purpose, options_.frontend_url, mail.user_id, token));
  Notice notice;
  notice.key = keyOf(mail);
  notice.purpose = users::word(mail.purpose);
  notice.from = users::mailAddress(options_.from.address);
  notice.to = users::mailAddress(claim.recipient.value().email);
  notice.subject = letter.subject;
  notice.text = letter.text;
  notice.html = letter.html;
  notice.message = compose({.from = options_.from,
                            .to = notice.to,
                            .subject = letter.subject,
                            .text = letter.text,
                            .html = letter.html,
                            .key = notice.key,
                            .date = claim.now});
  return notice;
}

void Dispatcher::settle(const Mail& mail, const Error& error) {
  const std::string why = storable(error.what());
  const bool stopped = error.code() == ErrorCode::Cancelled && isStopping();
  std::string outcome;
  try {
    outcome = database_.transact([&](db::Session& session) -> std::string {
      if (stopped) {
        return releaseMail(session, mail) ? "released" : "fenced";
      }
      const auto pause = nextTryIn(options_.retry, error, mail.attempt,
                                   session.now() - mail.begun_at, randomJitter());
      if (pause) {
        return retryMailLater(session, mail, *pause, why) ? "deferred" : "fenced";
      }
      const bool withdrawn = error.reason() == "withdrawn";
      return !discardMail(session, mail, why) ? "fenced" : withdrawn ? "withdrawn" : "discarded";
    });
  } catch (const std::exception& problem) {
    // The lease runs out, and the mail is sent again.
    log_.error("cannot write down what became of a mail",
               {{"mail", mail.id}, {"cause", why}, {"error", problem.what()}});
    return;
  }
  report(mail, outcome);
  if (outcome == "deferred") {
    {
      const std::lock_guard lock(mutex_);
      ++deferrals_;
    }
    log_.warning("a mail could not be sent and is tried again",
                 {{"mail", mail.id}, {"attempt", mail.attempt}, {"why", why}});
  } else if (outcome == "discarded") {
    log_.error("a mail is given up (reeldctl mail retry starts it over)",
               {{"mail", mail.id}, {"attempt", mail.attempt}, {"why", why}});
  }
}

void Dispatcher::report(const Mail& mail, const std::string& outcome) {
  metrics_
      .counter("reeld_notify_sends_total", "tries to send a mail, by what came of them",
               {{"outcome", outcome}})
      .add();
  if (outcome == "sent") {
    log_.info("mail sent", {{"mail", mail.id},
                            {"purpose", users::word(mail.purpose)},
                            {"user", mail.user_id},
                            {"attempt", mail.attempt}});
  }
}

}  // namespace reeld::notify
