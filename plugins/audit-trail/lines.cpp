#include "lines.h"

#include "entry_json.h"
#include "pages.h"

namespace audit_trail {

namespace {
/// None is longer than two kibibytes, and a piece of a reply not than one mebibyte.
constexpr int LinesAtOnce = 500;
}  // namespace

bool Lines::write(reeld::sdk::Reply& reply) {
  std::vector<Entry> page = olderThan(sql_, filter_, last_ ? &*last_ : nullptr, LinesAtOnce);
  std::string lines;
  for (const Entry& entry : page) {
    lines += printed(entry) + "\n";
  }
  reply.write(lines);
  if (page.size() < LinesAtOnce) {
    return false;
  }
  last_ = std::move(page.back());
  return true;
}

}  // namespace audit_trail
