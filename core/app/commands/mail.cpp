#include "app/commands/mail.h"

#include "app/commands/users.h"
#include "base/error.h"
#include "notify/mail_queue.h"

namespace reeld::app::commands {

namespace {

Json mailJson(const notify::Mail& mail) {
  return Json::Object{{"id", mail.id},
                      {"purpose", users::word(mail.purpose)},
                      {"user_id", mail.user_id},
                      {"state", notify::word(mail.state)},
                      {"attempt", mail.attempt},
                      {"run_at", mail.run_at},
                      {"created_at", mail.created_at},
                      {"finished_at", mail.finished_at ? Json(*mail.finished_at) : Json()},
                      {"last_error", mail.last_error}};
}

Json mailList(control::Request& request, db::Database& database) {
  const std::string given = request.text("state", "");
  const auto state = notify::parseMailState(given);
  if (!given.empty() && !state) {
    throw Error(ErrorCode::Invalid,
                "the state must be waiting, sending, sent or discarded (got \"" + given + "\")");
  }
  const auto mails = database.read([&](db::Session& session) {
    return notify::listMails(session, state, request.count("skip", 0), request.count("limit", 100));
  });
  Json::Array rows;
  for (const auto& [mail, email] : mails) {
    Json row = mailJson(mail);
    row.set("email", email);
    rows.push_back(std::move(row));
  }
  return Json::Object{{"mails", std::move(rows)}};
}

Json retriedMail(control::Request& request, db::Database& database) {
  const std::int64_t id = request.integer("id");
  const auto mail = database.transact([&](db::Session& session) {
    const bool retried = notify::retryMailNow(session, id);
    auto found = notify::findMail(session, id);
    if (!found) {
      throw Error(ErrorCode::NotFound, "there is no mail " + std::to_string(id));
    }
    if (!retried) {
      throw Error(ErrorCode::Conflict, "mail " + std::to_string(id) + " is " +
                                           std::string(notify::word(found->state)) +
                                           ": only a waiting or discarded one is tried again");
    }
    return *found;
  });
  return mailJson(mail);
}

Json test(control::Request& request, db::Database& database, users::Directory& directory) {
  const auto user = findUser(directory, request.text("user"));
  const auto mail = database.transact([&](db::Session& session) {
    const auto id = notify::enqueueMail(
        session, {.purpose = notify::MailPurpose::Trial, .user_id = user.id, .token_id = {}});
    return notify::findMail(session, id);
  });
  Json result = mailJson(mail.value());
  result.set("email", user.email);
  return result;
}

}  // namespace

control::Commands mailCommands(db::Database& database, users::Directory& directory) {
  return {
      {"mail list", [&](control::Request& request) { return mailList(request, database); }},
      {"mail retry", [&](control::Request& request) { return retriedMail(request, database); }},
      {"mail test", [&](control::Request& request) { return test(request, database, directory); }},
  };
}

}  // namespace reeld::app::commands
