#include "retention.h"

#include <algorithm>

namespace audit_trail {

namespace {

constexpr std::int64_t DayMs = 86'400'000;
constexpr int RecordsAtOnce = 1000;
constexpr std::int64_t RecordsPerRun = 20'000;

/// The next boot that has records.
std::optional<std::int64_t> withRecordsAfter(const Sql& sql, std::int64_t boot) {
  const auto rows =
      sql.query("SELECT MIN(boot) FROM audit_records WHERE boot > $1", {std::to_string(boot)});
  return rows.at(0).at(0) ? std::optional(std::stoll(*rows[0][0])) : std::nullopt;
}

std::string recordName(const Entry& entry) { return "record " + std::to_string(entry.id()); }

/// What a checkpoint says against the record at its place; "" if it agrees.
std::string contradictionAt(const std::vector<Mark>& checkpoints, const Entry& entry,
                            const MacKey& key) {
  for (const Mark& mark : checkpoints) {
    if (mark.seq == entry.seq &&
        (mark.seal != mark.sealedBy(key, "checkpoint") || mark.mac != entry.mac)) {
      return "the checkpoint at " + recordName(entry);
    }
  }
  return "";
}

}  // namespace

Retention::Retention(const reeld::sdk::Host& host, const MacKey& key)
    : host_(host), sql_(host.sql()), key_(key) {}

/// What went unverified leaves another seal: a head that said it was of another secret and is put
/// back does not make it good.
std::string Retention::sealOf(const Mark& mark, bool is_verified) const {
  return mark.sealedBy(key_, is_verified ? "pruned" : "pruned unverified");
}

/// The records at the front of a boot that are older, at most AtOnce. One of a clock that was ahead
/// keeps those behind it until its own time is over, and none is older than its boot: an event may
/// say of itself what it likes.
Retention::Prefix Retention::oldAtFront(std::int64_t boot, std::int64_t before) const {
  Prefix prefix;
  const auto head = headOf(sql_, boot);
  const auto pruned = prunedOf(sql_, boot);
  prefix.is_verified = !head || head->key_name == key_.name();
  if (!head || (prefix.is_verified && (head->seal != head->sealedBy(key_) ||
                                       (pruned && pruned->seal != sealOf(*pruned, true))))) {
    prefix.wrong = "boot " + std::to_string(boot);
    return prefix;
  }
  const auto checkpoints = checkpointsOf(sql_, boot);
  prefix.last.boot = boot;
  if (pruned) {
    prefix.last = *pruned;
  }
  for (const Entry& entry : entriesAfter(sql_, boot, 0, RecordsAtOnce)) {
    const bool follows = entry.seq == prefix.last.seq + 1 && entry.prev == prefix.last.mac;
    const bool is_sound = follows && (!prefix.is_verified || entry.mac == entry.sealedBy(key_));
    prefix.wrong = !is_sound             ? recordName(entry)
                   : !prefix.is_verified ? ""
                                         : contradictionAt(checkpoints, entry, key_);
    if (!prefix.wrong.empty() || std::max(entry.at, head->started_at) >= before) {
      break;
    }
    ++prefix.count;
    prefix.last.seq = entry.seq;
    prefix.last.mac = entry.mac;
  }
  return prefix;
}

void Retention::replaceMark(const Mark& mark) const {
  const std::string boot = std::to_string(mark.boot);
  const std::string seq = std::to_string(mark.seq);
  sql_.execute("DELETE FROM audit_records WHERE boot = $1 AND seq <= $2", {boot, seq});
  sql_.execute("DELETE FROM audit_checkpoints WHERE boot = $1 AND seq < $2", {boot, seq});
  sql_.execute("DELETE FROM audit_pruned WHERE boot = $1", {boot});
  sql_.execute("INSERT INTO audit_pruned (boot, seq, mac, at, seal) VALUES ($1, $2, $3, $4, $5)",
               {boot, seq, mark.mac, std::to_string(mark.at), mark.seal});
}

std::int64_t Retention::pruneOnce(std::int64_t boot, std::int64_t now, std::int64_t before) {
  Prefix prefix;
  sql_.transact([&] {
    prefix = oldAtFront(boot, before);
    if (prefix.count > 0) {
      prefix.last.at = now;
      prefix.last.seal = sealOf(prefix.last, prefix.is_verified);
      replaceMark(prefix.last);
    }
  });
  if (!prefix.wrong.empty()) {
    tell(boot, prefix.wrong);
  }
  return prefix.count;
}

void Retention::tell(std::int64_t boot, const std::string& wrong) {
  if (told_.insert(boot).second) {
    host_.error(
        "a part of the audit trail is not as it was written, so its old records are kept -> "
        "reeldctl audit verify",
        {{"boot", std::to_string(boot)}, {"at", wrong}});
  }
}

std::int64_t Retention::prune(std::int64_t keep_days) {
  if (keep_days == 0) {
    return 0;
  }
  const std::int64_t present = now(sql_);
  const std::int64_t before = present - keep_days * DayMs;
  std::int64_t total = 0;
  for (auto boot = withRecordsAfter(sql_, 0); boot; boot = withRecordsAfter(sql_, *boot)) {
    std::int64_t count = RecordsAtOnce;
    while (count == RecordsAtOnce && total < RecordsPerRun) {
      count = pruneOnce(*boot, present, before);
      total += count;
    }
  }
  return total;
}

void Retention::pruneAtStart(std::int64_t keep_days) {
  try {
    prune(keep_days);
  } catch (const std::exception& error) {
    host_.warning("old records of the audit trail cannot be taken away; tried again every minute",
                  {{"reason", error.what()}});
  }
}

}  // namespace audit_trail
