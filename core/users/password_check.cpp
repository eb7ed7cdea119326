#include "users/password_check.h"

#include "base/unicode.h"

namespace reeld::users {

Secret composedPassword(const Secret& password) { return Secret(composed(password.reveal())); }

RecordVerdict checkPassword(IdentityProvider& provider, const std::string& record,
                            const Secret& password) {
  const Secret usual = composedPassword(password);
  RecordVerdict answer = provider.verify(record, usual.reveal());
  if (answer.verdict != Verdict::Denied || usual.reveal() == password.reveal()) {
    return answer;
  }
  answer = provider.verify(record, password.reveal());
  if (answer.verdict == Verdict::Ok) {
    answer.new_record = provider.enroll(usual.reveal());
  }
  return answer;
}

}  // namespace reeld::users
