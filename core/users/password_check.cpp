#include "users/password_check.h"

#include "base/unicode.h"

namespace reeld::users {

namespace {
// bcrypt reads 72 bytes. Of a longer password nobody knows whether its end was typed as it was
// meant, so such a record stays until the password is changed.
constexpr std::size_t SurelyRead = 72;
}  // namespace

Secret composedPassword(const Secret& password) { return Secret(composed(password.reveal())); }

std::vector<Secret> readingsOf(const Secret& password) {
  std::vector<Secret> readings{password};
  const std::string_view bare = trimmed(password.reveal());
  // An empty password means "nobody in particular" to some directories.
  if (!bare.empty() && bare.size() != password.reveal().size()) {
    readings.emplace_back(std::string(bare));
  }
  return readings;
}

RecordVerdict checkPassword(IdentityProvider& provider, const std::string& record,
                            const Secret& password) {
  const Secret usual = composedPassword(readingsOf(password).back());
  RecordVerdict answer = provider.verify(record, usual.reveal());
  if (answer.verdict != Verdict::Denied || usual.reveal() == password.reveal()) {
    return answer;
  }
  answer = provider.verify(record, password.reveal());
  // White space that the record knows of is part of it.
  if (answer.verdict == Verdict::Ok && password.reveal().size() <= SurelyRead &&
      composed(password.reveal()) == usual.reveal()) {
    answer.new_record = provider.enroll(usual.reveal());
  }
  return answer;
}

}  // namespace reeld::users
