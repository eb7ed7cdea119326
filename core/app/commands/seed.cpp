#include "app/commands/seed.h"

#include "app/commands/setup_secret_file.h"
#include "app/service/secret_file.h"
#include "base/error.h"

namespace reeld::app::commands {

namespace {

void seedFromSettings(const config::AdminSettings& admin, users::Directory& directory,
                      users::Registration& registration, const Log& log) {
  if (const std::string why = registration.missing(); !why.empty()) {
    log.warning("the administrator of admin.email is not made: nobody can register",
                {{"reason", why}});
    return;
  }
  const Secret password = service::readSecretFile(admin.password_file, "admin.password_file");
  try {
    const users::UserId id = registration.add(admin.email, password, users::Role::Admin);
    log.info("made the first administrator", {{"user_id", id}});
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Conflict) {
      // Another daemon on the same database was faster, or somebody registered the address before.
      if (!directory.hasActiveAdmin()) {
        log.warning(
            "admin.email belongs to a user who is no administrator; make one: reeldctl user role "
            "EMAIL ADMIN");
      }
      return;
    }
    if (error.code() == ErrorCode::Invalid) {
      throw Error(ErrorCode::Invalid,
                  std::string("cannot make the administrator of admin.email and "
                              "admin.password_file: ") +
                      error.what());
    }
    throw;
  }
}

}  // namespace

void seedAdmin(const config::Settings& settings, users::Directory& directory,
               users::Registration& registration, const Log& log) {
  SetupSecretFile secret(settings.data_dir);
  if (!directory.hasActiveAdmin()) {
    if (!settings.admin.email.empty()) {
      seedFromSettings(settings.admin, directory, registration, log);
    } else {
      secret.make();
      log.warning("there is no administrator yet: run `reeldctl user create --admin EMAIL`",
                  {{"setup_secret", secret.path()}});
      return;
    }
  }
  secret.spend();
}

}  // namespace reeld::app::commands
